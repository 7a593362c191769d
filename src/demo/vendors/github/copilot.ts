import { createHash } from "node:crypto";
import { addDays } from "../../../core/civil-date.ts";
import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { CompletionDay, World } from "../../world/index.ts";

/** Reports come two days late. */
const LATE_DAYS = 2;
const REPORT_DAYS = 28;
const KEPT_DAYS = 365;
const LINK_MS = 15 * 60_000;

/** GET /orgs/{org}/copilot/metrics/reports/…: links to a report, signed and good for a quarter of an hour. undefined: no such report. */
export function reportLinks(kind: string, { query, baseUrl, now }: SimulatedRequest, world: World): SimulatedResponse | undefined {
  const last = addDays(world.today, -LATE_DAYS);
  const link = (name: string) => {
    const path = `/copilot-reports/${name}.json`;
    const expires = new Date(now.getTime() + LINK_MS).toISOString();
    return `${baseUrl}${path}?${new URLSearchParams({ se: expires, sig: signatureOf(path, expires) })}`;
  };
  if (kind === "organization-28-day/latest")
    return {
      status: 200,
      body: { download_links: [link(`28-day-${last}`)], report_start_day: addDays(last, 1 - REPORT_DAYS), report_end_day: last },
    };
  if (kind !== "organization-1-day") return undefined;
  const day = query.get("day") ?? "";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    return { status: 422, body: { message: "Invalid request.\n\nday is missing or not a date.", status: "422" } };
  if (day > last || day < addDays(world.today, -KEPT_DAYS) || !world.completions(day)) return { status: 204 };
  return { status: 200, body: { download_links: [link(`1-day-${day}`)], report_day: day } };
}

/** GET /copilot-reports/{name}.json: the report, for whoever holds the link. A second proof beside it is refused, as the store does. */
export function downloadReport(name: string, { query, headers, path, now }: SimulatedRequest, world: World): SimulatedResponse {
  const expires = query.get("se") ?? "";
  if (headers.authorization !== undefined) return xml(400, "InvalidAuthenticationInfo");
  if (query.get("sig") !== signatureOf(path, expires) || !(Date.parse(expires) > now.getTime())) return xml(403, "AuthenticationFailed");
  const [, span = "", day = ""] = /^(28-day|1-day)-(\d{4}-\d{2}-\d{2})$/.exec(name) ?? [];
  if (!day) return xml(404, "BlobNotFound");
  const first = span === "1-day" ? day : addDays(day, 1 - REPORT_DAYS);
  const days: object[] = [];
  for (let at = first; at <= day; at = addDays(at, 1)) {
    const completions = world.completions(at);
    if (completions) days.push(dayTotals(completions));
  }
  const report = { organization_id: "4242", report_start_day: first, report_end_day: day, day_totals: days };
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: `${JSON.stringify(report)}\n` };
}

function signatureOf(path: string, expires: string): string {
  return createHash("sha256").update(`demo ${path} ${expires}`).digest("base64url");
}

function xml(status: number, code: string): SimulatedResponse {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>The request is not allowed.</Message></Error>`,
  };
}

type Line = CompletionDay["byLanguage"][number];

function dayTotals({ day, active, byLanguage, chats }: CompletionDay): object {
  const completion = { ...countsOf(byLanguage), user_initiated_interaction_count: 0 };
  const chat = { ...countsOf([]), user_initiated_interaction_count: chats.messages };
  const grouped = (key: "language" | "editor") => [...Map.groupBy(byLanguage, (line) => line[key])];
  return {
    day,
    organization_id: "4242",
    daily_active_users: active,
    ...countsOf(byLanguage),
    user_initiated_interaction_count: chats.messages,
    totals_by_feature: [
      { feature: "code_completion", ...completion },
      { feature: "chat_panel_ask_mode", ...chat },
    ],
    totals_by_ide: grouped("editor").map(([ide, lines]) => ({ ide, ...countsOf(lines), user_initiated_interaction_count: 0 })),
    totals_by_language_feature: grouped("language").map(([language, lines]) => ({
      language,
      feature: "code_completion",
      ...countsOf(lines),
    })),
    totals_by_language_model: [],
    totals_by_model_feature: [],
  };
}

function countsOf(lines: readonly Line[]): Record<string, number> {
  const sum = (of: (line: Line) => number) => lines.reduce((total, line) => total + of(line), 0);
  return {
    code_generation_activity_count: sum((line) => line.suggestions),
    code_acceptance_activity_count: sum((line) => line.acceptances),
    loc_suggested_to_add_sum: sum((line) => line.linesSuggested),
    loc_suggested_to_delete_sum: 0,
    loc_added_sum: sum((line) => line.linesAccepted),
    loc_deleted_sum: 0,
  };
}
