import type { CivilDate } from "../../core/fact.ts";
import { DAY, dayOf, seconds } from "./calendar.ts";
import { TEAMS } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import type { Person } from "./types.ts";

/**
 * A company of seats: each is held by one person after the other, so that joiners and leavers follow from the calendar and
 * nobody who left ever comes back as another. Names are drawn from two lists that share no divisor: no two people share one.
 */
const FIRST =
  "Mara Joost Ines Tomas Ayla Ruben Noor Pieter Lena Diogo Saskia Emeka Wren Callum Freya Yusuf Anouk Matteo Priya Sven Leila Owen Bruna Kofi Hanna Rafael Mei Jonas Tess Amir Carla Niels Ada Luca Femke Idris Sofia Hugo Zara Bram Elif Martin Rosa Kenji Greta Samuel Nadia Thijs".split(
    " ",
  );
const LAST =
  "Lindqvist Okafor Brandsma Teixeira Hollander Moreau Castellan Nygaard Petrov Achterberg Silveira Dunmore Kowalski Ferreira Halvorsen Ibarra Janssen Kettering Laurier Marchetti Norling Oduya Pinheiro Quint Rasmussen Sandoval Tamm Ullman Valente Westerveld Yilmaz Zoric Abernathy Bellamy Corvin Dalgaard Eskola Fontaine Garrick Hartog Inoue Jarvela Kuiper Lombard Mercer Nakata Oakes Pascoe Rooker Sterling Thorne Visscher Wadsworth".split(
    " ",
  );

type Role = Person["role"];

const ENGINEERS: Readonly<Record<string, number>> = {
  gate: 7,
  berth: 6,
  depot: 7,
  view: 6,
  billing: 6,
  assistant: 5,
  data: 6,
  platform: 7,
};
const STAFF: Readonly<Record<string, readonly (readonly [Role, number])[]>> = {
  support: [
    ["manager", 1],
    ["support", 12],
  ],
  success: [
    ["manager", 1],
    ["success", 7],
  ],
  sales: [
    ["manager", 1],
    ["sales", 9],
  ],
  office: [
    ["finance", 4],
    ["people", 3],
  ],
  lead: [["executive", 4]],
};
const TITLES: Readonly<Record<Role, string>> = {
  engineer: "Software engineer",
  lead: "Lead engineer",
  manager: "Team manager",
  designer: "Product designer",
  product: "Product manager",
  support: "Support specialist",
  sales: "Account executive",
  success: "Customer success manager",
  finance: "Financial controller",
  people: "People partner",
  executive: "Executive",
  bot: "Automation",
};
const OFFICES = [
  { timeZone: "Europe/Amsterdam", opens: 7, share: 0.55 },
  { timeZone: "Europe/Lisbon", opens: 8, share: 0.25 },
  { timeZone: "America/Halifax", opens: 12, share: 0.2 },
] as const;

interface Seat {
  index: number;
  team: string;
  role: Role;
  /** Seconds. */
  opens: number;
}

const FOUNDED = seconds("2019-02-04");

export const BOT: Person = {
  login: "quay.bot",
  name: "Quay Bot",
  email: "quay.bot@harbourline.example",
  team: "platform",
  role: "bot",
  title: TITLES.bot,
  timeZone: "UTC",
  joined: "2019-02-04",
  left: null,
};

function seats(seed: number): Seat[] {
  const roles = TEAMS.flatMap((team): [string, Role][] => {
    const engineers = ENGINEERS[team.id];
    const design: Role[] = ["gate", "depot", "view", "billing"].includes(team.id) ? ["designer"] : [];
    const staffed = (STAFF[team.id] ?? []).flatMap(([role, count]) => Array<Role>(count).fill(role));
    const list: Role[] = engineers ? ["manager", "lead", "product", ...design, ...Array<Role>(engineers).fill("engineer")] : staffed;
    return list.map((role) => [team.id, role]);
  });
  return roles.map(([team, role], index) => {
    const chance = new Chance(seed, `seat ${index}`);
    const isNew = (role === "engineer" || role === "support" || role === "sales") && chance.happens(0.22);
    const opens = isNew ? seconds("2024-12-02") + chance.whole(0, 95) * 7 * DAY : FOUNDED + chance.whole(0, 250) * 7 * DAY;
    return { index, team, role, opens };
  });
}

/** Everyone who was here on some day from `from` to `to`, by the day they joined. Later leaving days are as yet unknown: null. */
export function peopleBetween(from: CivilDate, to: CivilDate, seed: number): Person[] {
  const people = seats(seed).flatMap((seat) => holders(seat, from, to, seed));
  return [BOT, ...people.sort((a, b) => (a.joined < b.joined ? -1 : a.joined > b.joined ? 1 : a.login < b.login ? -1 : 1))];
}

function holders(seat: Seat, from: CivilDate, to: CivilDate, seed: number): Person[] {
  const found: Person[] = [];
  let joined = seat.opens;
  for (let n = 0; dayOf(joined) <= to; n++) {
    const chance = new Chance(seed, `holder ${seat.index} ${n}`);
    const leaves = joined + Math.round(400 + 1_500 * chance.between(0, 1) ** 0.7 + chance.whole(0, 900)) * DAY;
    if (dayOf(leaves) > from) found.push(person(seat, n, dayOf(joined), dayOf(leaves) > to ? null : dayOf(leaves), chance));
    joined = leaves + new Chance(seed, `gap ${seat.index} ${n}`).whole(14, 70) * DAY;
  }
  return found;
}

function person(seat: Seat, n: number, joined: CivilDate, left: CivilDate | null, chance: Chance): Person {
  const index = ((seat.index + 160 * n) * 1_009 + 7) % (FIRST.length * LAST.length);
  const first = FIRST[index % FIRST.length] ?? "";
  const last = LAST[index % LAST.length] ?? "";
  const login = `${first}.${last}`.toLowerCase();
  const office = chance.weighted(OFFICES.map((o) => [o, o.share] as const));
  const senior = seat.role === "engineer" && chance.happens(0.35) ? "Senior software engineer" : TITLES[seat.role];
  const title =
    seat.role === "executive"
      ? (["Chief executive", "Chief technology officer", "Chief operating officer", "Chief financial officer"][seat.index % 4] ?? senior)
      : senior;
  return {
    login,
    name: `${first} ${last}`,
    email: `${login}@harbourline.example`,
    team: seat.team,
    role: seat.role,
    title,
    timeZone: office.timeZone,
    joined,
    left,
  };
}

/** UTC hour at which the person's office opens. */
export function opensAt(person: Person): number {
  return OFFICES.find((o) => o.timeZone === person.timeZone)?.opens ?? 8;
}

/** Finds who works where on a day; made for many questions. */
export interface Staff {
  /** People of the team with one of the roles at that instant; others of the team, or of platform, while the seats are empty. */
  of(team: string, roles: readonly Role[], at: number): readonly Person[];
  named(login: string): Person | undefined;
}

export function staff(people: readonly Person[]): Staff {
  const byLogin = new Map(people.map((p) => [p.login, p]));
  const kept = new Map<string, readonly Person[]>();
  const here = (team: string, day: CivilDate) =>
    people.filter((p) => p.team === team && p.role !== "bot" && p.joined <= day && (p.left === null || p.left > day));
  const find = (team: string, roles: readonly Role[], day: CivilDate): readonly Person[] => {
    const all = here(team, day);
    const fit = all.filter((p) => roles.includes(p.role));
    if (fit.length > 0) return fit;
    return all.length > 0 ? all : here("platform", day);
  };
  return {
    of(team, roles, at) {
      const day = dayOf(at);
      const key = `${team} ${roles.join()} ${day}`;
      const known = kept.get(key) ?? find(team, roles, day);
      kept.set(key, known);
      return known;
    },
    named: (login) => byLogin.get(login),
  };
}
