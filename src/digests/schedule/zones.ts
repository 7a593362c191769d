import { nearest } from "../../core/text.ts";

/** Names people use that are no last part of an IANA name. */
const ALSO: Readonly<Record<string, string>> = {
  utc: "UTC",
  gmt: "UTC",
  z: "UTC",
  cet: "Europe/Berlin",
  cest: "Europe/Berlin",
  bst: "Europe/London",
  est: "America/New_York",
  edt: "America/New_York",
  cst: "America/Chicago",
  cdt: "America/Chicago",
  mst: "America/Denver",
  mdt: "America/Denver",
  pst: "America/Los_Angeles",
  pdt: "America/Los_Angeles",
  munich: "Europe/Berlin",
  hamburg: "Europe/Berlin",
  germany: "Europe/Berlin",
  france: "Europe/Paris",
  uk: "Europe/London",
  spain: "Europe/Madrid",
  bangalore: "Asia/Kolkata",
  bengaluru: "Asia/Kolkata",
  mumbai: "Asia/Kolkata",
  delhi: "Asia/Kolkata",
  india: "Asia/Kolkata",
  japan: "Asia/Tokyo",
  beijing: "Asia/Shanghai",
  "san francisco": "America/Los_Angeles",
  seattle: "America/Los_Angeles",
  boston: "America/New_York",
  nyc: "America/New_York",
  eastern: "America/New_York",
  central: "America/Chicago",
  mountain: "America/Denver",
  pacific: "America/Los_Angeles",
};

let known: readonly string[] | undefined;

function names(): readonly string[] {
  known ??= Intl.supportedValuesOf("timeZone");
  return known;
}

/** "Europe/Berlin" for "Europe/Berlin", "europe/berlin" and "Berlin"; undefined when nothing is called so. */
export function zoneCalled(said: string): string | undefined {
  const plain = said.trim().toLowerCase().replaceAll("_", " ");
  if (plain === "") return undefined;
  const also = ALSO[plain];
  if (also) return also;
  const exact = names().find((name) => name.toLowerCase().replaceAll("_", " ") === plain);
  if (exact) return exact;
  const cities = names().filter((name) => cityOf(name) === plain);
  if (cities.length > 0) return cities[0];
  // Older names are no longer listed, yet clocks keep them: Asia/Calcutta.
  return plain.includes("/") ? accepted(said.trim()) : undefined;
}

function accepted(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What may have been meant, nearest first; at most three. */
export function zonesLike(said: string): string[] {
  const plain = said.trim().toLowerCase().replaceAll("_", " ");
  const city = plain.split("/").at(-1) ?? plain;
  const byCity = nearest(city, [...new Set(names().map(cityOf))], Math.max(2, Math.floor(city.length / 3))).flatMap((near) =>
    names().filter((name) => cityOf(name) === near),
  );
  return byCity.slice(0, 3);
}

function cityOf(name: string): string {
  return (name.split("/").at(-1) ?? "").toLowerCase().replaceAll("_", " ");
}
