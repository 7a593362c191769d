import { describe, expect, it } from "vitest";
import { UserError, type VendorError } from "../../../src/errors.ts";
import { feedOf, patience } from "../../kit/vendor-connection.ts";
import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";
import { startGithub } from "./world.ts";

const counts = (n: number) => ({
  ...{ code_generation_activity_count: n, code_acceptance_activity_count: n / 2, loc_suggested_to_add_sum: 3 * n, loc_added_sum: n },
  ...{ loc_suggested_to_delete_sum: 0, loc_deleted_sum: 0 },
});

/** As GitHub's reference shows a day. */
function day(date: string, n: number): Record<string, unknown> {
  return {
    ...{
      day: date,
      organization_id: "1",
      daily_active_users: n / 10,
      weekly_active_users: 20,
      user_initiated_interaction_count: 7,
      ...counts(n),
    },
    totals_by_ide: [{ ide: "vscode", user_initiated_interaction_count: 7, ...counts(n) }],
    totals_by_feature: [{ feature: "code_completion", user_initiated_interaction_count: 0, ...counts(n) }],
    totals_by_language_feature: [
      { language: "go", feature: "code_completion", ...counts(n - 20) },
      { language: "python", feature: "code_completion", ...counts(20) },
    ],
    totals_by_language_model: [{ language: "go", model: "a-model", ...counts(n) }],
    totals_by_model_feature: [],
  };
}

const LATEST = "GET /orgs/acme/copilot/metrics/reports/organization-28-day/latest";
const report = (lines: readonly unknown[]) => ({ body: `${lines.map((line) => JSON.stringify(line)).join("\n")}\n` });
const links =
  (...paths: string[]) =>
  ({ headers }: RecordedRequest) => ({
    json: {
      download_links: paths.map((path) => `http://${headers.host}${path}?sig=1`),
      report_start_day: "2026-10-23",
      report_end_day: "2026-11-19",
    },
  });
const routes: Routes = {
  [LATEST]: links("/reports/a", "/reports/b"),
  "GET /reports/a": report([{ day_totals: [day("2026-11-18", 100)], report_end_day: "2026-11-19" }]),
  "GET /reports/b": { json: [day("2026-11-19", 200)] },
};
const period = { from: "2026-11-18", to: "2026-11-20" };

describe("Copilot's use", () => {
  it("is read behind the signed links, without the token", async () => {
    const { server, connection } = await startGithub(routes);
    const feed = feedOf(connection, "ai_usage");
    const { facts, receipts } = await feed.query({ period, grain: "day" }, patience());

    expect(facts.map(({ at, value, unit }) => [at.toISOString().slice(0, 10), value, unit])).toEqual([
      ["2026-11-18", 100, "count"],
      ["2026-11-19", 200, "count"],
    ]);
    expect(receipts[0]?.notes?.join()).toContain("up to 2026-11-19; later days are missing, not zero");
    const downloads = server.requests.filter(({ path }) => path.startsWith("/reports"));
    expect(downloads.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    server.assertAllUsed();
  });

  it("splits as far as GitHub reports it, and says how far that is", async () => {
    const { connection } = await startGithub(routes);
    const feed = feedOf(connection, "ai_usage");
    const ask = (query: object) => feed.query({ period, ...query }, patience());

    expect((await ask({ by: ["language"], measure: "copilot_acceptances" })).facts.map((f) => [f.labels.language, f.value])).toEqual([
      ["go", 130],
      ["python", 20],
    ]);
    expect((await ask({ filter: { editor: ["vscode"] } })).facts[0]?.value).toBe(300);
    expect((await ask({ measure: "copilot_active_users" })).facts[0]).toMatchObject({ value: 15, unit: "users" });
    await expect(ask({ by: ["editor", "model"] })).rejects.toThrow(/not report Copilot by editor and model.*language and feature/);
    await expect(ask({ by: ["language"], measure: "copilot_active_users" })).rejects.toThrow(UserError);
    await expect(ask({ by: ["team"] })).rejects.toThrow(/no dimension “team”. It has language/);
    await expect(ask({ measure: "tokens" })).rejects.toThrow(/It has copilot_suggestions/);
  });

  it("takes days before the last 28 one by one, and a day without a report for missing", async () => {
    const { server, connection } = await startGithub({
      ...routes,
      "GET /orgs/acme/copilot/metrics/reports/organization-1-day": ({ query, headers }) =>
        query.get("day") === "2026-10-20"
          ? { status: 204 }
          : { json: { download_links: [`http://${headers.host}/reports/one`], report_day: query.get("day") } },
      "GET /reports/one": report([day("2026-10-21", 40)]),
    });
    const { facts } = await feedOf(connection, "ai_usage").query(
      { period: { from: "2026-10-20", to: "2026-10-21" }, grain: "day" },
      patience(),
    );

    expect(facts.map(({ at, value }) => [at.toISOString().slice(0, 10), value])).toEqual([["2026-10-21", 40]]);
    expect(server.requests.filter(({ path }) => path.endsWith("1-day"))).toHaveLength(2);
  });

  it("stops at so many days that come one by one, and says from which on it has them", async () => {
    const { server, connection } = await startGithub({
      ...routes,
      "GET /orgs/acme/copilot/metrics/reports/organization-1-day": { status: 204 },
    });
    const { receipts } = await feedOf(connection, "ai_usage").query({ period: { from: "2025-12-01", to: "2026-11-20" } }, patience());

    expect(receipts[0]?.truncated).toMatch(/^days before 2026-06-25/);
    expect(server.requests.filter(({ path }) => path.endsWith("1-day"))).toHaveLength(120);
  });

  it.each([
    ["a link that is none", { ...routes, [LATEST]: { json: { download_links: ["none"], report_end_day: "2026-11-19" } } }, /link/],
    [
      "a link to a stranger",
      { ...routes, [LATEST]: { json: { download_links: ["http://192.0.2.7/x"], report_end_day: "2026-11-19" } } },
      /may not be asked/,
    ],
    [
      "a report that is refused",
      { ...routes, "GET /reports/a": { status: 403, body: "<Error>expired</Error>" } },
      /could not be downloaded \(403\)/,
    ],
    ["a report that cannot be read", { ...routes, "GET /reports/a": { body: "<html>" } }, /cannot be read/],
    ["a report of another shape", { ...routes, "GET /reports/a": report([{ days: [] }]) }, /unexpected shape/],
  ])("is an error with %s", async (_, broken, words) => {
    const { connection } = await startGithub(broken);
    const error = await feedOf(connection, "ai_usage")
      .query({ period }, patience())
      .catch((cause: unknown) => cause as VendorError);

    expect((error as VendorError).name).toBe("VendorError");
    expect((error as VendorError).message).toMatch(words);
  });
});
