import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { VendorError } from "../../errors.ts";
import type { Cached } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { GithubClient } from "./client.ts";
import { type CopilotDay, copilotLine, reportLinks } from "./schema.ts";
import { AT_ONCE } from "./windows.ts";

export interface CopilotReport {
  /** By day; days without a report are missing. */
  days: ReadonlyMap<string, CopilotDay>;
  parts: readonly Cached<unknown>[];
  /** The last day reports exist for; they come some days late. */
  until?: string;
  truncated?: string;
}

const HOUR_MS = 3_600_000;
/** Reports are kept for a year. */
export const KEPT_DAYS = 365;
const OPERATION = "read Copilot reports";
const LATEST_DAYS = 28;
/** Two requests each. */
const MOST_SINGLE_DAYS = 120;

/**
 * The organisation's Copilot days. The last 28 come in one report, earlier ones each in its own. GitHub answers with signed links that
 * work for minutes; they are opened without the token. Throws VendorError: 403 or 404 where the token may not, or there is no Copilot.
 */
export async function readCopilot(client: GithubClient, period: Period, signal: AbortSignal): Promise<CopilotReport> {
  const path = `orgs/${client.org}/copilot/metrics/reports`;
  const latest = await client.http.cached(
    "copilot latest",
    (during) => report(client, `${path}/organization-28-day/latest`, during),
    signal,
    {
      operation: OPERATION,
    },
  );
  const until = latest.value.until ?? [...latest.value.days.keys()].sort().at(-1);
  const covered = until === undefined ? undefined : addDays(until, 1 - LATEST_DAYS);
  const today = fromInstant(client.now());
  const oldest = addDays(today, -KEPT_DAYS);
  const wanted: string[] = [];
  // Where there is no latest report, there are no earlier ones to ask for.
  for (let day = period.from > oldest ? period.from : oldest; day <= period.to && day < (covered ?? ""); day = addDays(day, 1))
    wanted.push(day);
  const asked = wanted.slice(-MOST_SINGLE_DAYS);
  const single = await inTurn(asked, AT_ONCE, (day) =>
    client.http.cached(
      `copilot ${day}`,
      (during) => report(client, `${path}/organization-1-day`, during, day),
      signal,
      // Days so old do not change any more.
      { operation: OPERATION, ttlMs: HOUR_MS },
    ),
  );
  const days = new Map([latest, ...single].flatMap(({ value }) => [...value.days]));
  const truncated = asked.length < wanted.length ? { truncated: `days before ${asked[0]}, for each needs a request of its own` } : {};
  return { days, parts: [latest, ...single], ...(until === undefined ? {} : { until }), ...truncated };
}

interface Report {
  days: ReadonlyMap<string, CopilotDay>;
  until?: string | undefined;
}

async function report(client: GithubClient, path: string, signal: AbortSignal, day?: string): Promise<Report> {
  const links = await client.http.json({ path, query: { day }, operation: OPERATION }, reportLinks, signal);
  const texts = await inTurn(links?.download_links ?? [], AT_ONCE, (link) => download(client, link, signal));
  const days = texts.flatMap((text) => linesOf(client, text));
  return { days: new Map(days.map((d) => [d.day, d])), until: links?.report_end_day };
}

async function download(client: GithubClient, link: string, signal: AbortSignal): Promise<string> {
  if (!URL.canParse(link))
    throw new VendorError("GitHub", "GitHub gave a link to a Copilot report that is none. Try again later.", { detail: link });
  const response = await client.http.fetch(link, { signal, operation: "download a Copilot report" });
  if (response.ok) return response.text();
  const text = await response.text();
  throw new VendorError("GitHub", `GitHub’s Copilot report could not be downloaded (${response.status}). Try again in a few minutes.`, {
    detail: text,
    // The link is refused, not the token: an earlier answer may still be shown.
    status: 502,
  });
}

/** Newline-delimited JSON, or one JSON array: GitHub documents the one and shows the other. */
function linesOf(client: GithubClient, text: string): CopilotDay[] {
  const lines = text.trimStart().startsWith("[") ? [text] : text.split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line) => {
    const value = jsonOf(line);
    return (Array.isArray(value) ? value : [value]).flatMap((entry) => client.http.parse(entry, copilotLine));
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new VendorError("GitHub", "GitHub’s Copilot report cannot be read. It may have changed its format.", { detail: line });
  }
}
