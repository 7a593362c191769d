import { describe, expect, it } from "vitest";
import type { Feed } from "../../src/core/feed.ts";
import { UserError } from "../../src/errors.ts";
import { scopeFeeds } from "../../src/records/project-scope.ts";
import type { Project } from "../../src/records/projects.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { ledger } from "../tools/world.ts";

const signal = AbortSignal.timeout(10_000);
const bill = ledger("bill", [
  ["2026-11-01", { account: "production", service: "Amazon EC2" }, 10],
  ["2026-11-01", { account: "Data Platform", service: "Amazon S3" }, 20],
  ["2026-11-01", { account: "production-eu", service: "Amazon S3" }, 40],
]);
const at = new Date("2026-11-01T00:00:00Z");
const pulls = fixtureRecords("pulls", [
  { id: "a#1", at, labels: { repository: "acme/web" }, numbers: {}, times: { created: at } },
  { id: "b#1", at, labels: { repository: "acme/api" }, numbers: {}, times: { created: at } },
]);

function scoped(feed: Feed, project: Partial<Project>): Feed {
  const [one] = scopeFeeds([feed], { name: "Atlas", ...project }).feeds;
  if (!one) throw new Error("it is left out");
  return one;
}

const total = async (feed: Feed, query: object = {}) => (await feed.query(query, signal)).facts.reduce((sum, { value }) => sum + value, 0);

describe("a project's view of the feeds", () => {
  it("holds what is the project's alone, by its exact name first", async () => {
    expect(await total(scoped(bill, { cloudAccount: "Production" }))).toBe(10);
    expect(await total(scoped(bill, { cloudAccount: "data-platform" }))).toBe(20);
    expect((await scoped(pulls, { repositories: ["ACME/web"] }).records?.({}, signal))?.records.map(({ id }) => id)).toEqual(["a#1"]);
  });

  it("narrows what is asked, and is never widened by it", async () => {
    const feed = scoped(bill, { cloudAccount: "production" });

    expect(await total(feed, { filter: { service: ["Amazon EC2"] } })).toBe(10);
    expect(await total(feed, { filter: { service: ["Amazon S3"] } })).toBe(0);
    expect(await total(feed, { filter: { account: ["production", "Data Platform"] } })).toBe(10);
    await expect(feed.query({ filter: { account: ["Data Platform"] } }, signal)).rejects.toThrow(
      /Data Platform is not part of project Atlas/,
    );
  });

  it("names no account of others", async () => {
    const { dimensions } = await scoped(bill, { cloudAccount: "production" }).describe(signal);

    expect(dimensions.find(({ name }) => name === "account")).toEqual({ name: "account", values: ["production"], more: false });
  });

  it("leaves out, with the field to set, what nothing says to be the project's", () => {
    const { feeds, left } = scopeFeeds([bill, pulls, ledger("people", [["2026-11-01", {}, 1]], { kind: "customers" })], { name: "Atlas" });

    expect(feeds).toEqual([]);
    expect(left).toEqual([
      { kind: "costs", reason: "Project Atlas does not say which costs are its own. Set cloudAccount or railwayProject or services." },
      { kind: "pulls", reason: "Project Atlas does not say which pulls are its own. Set repositories." },
      { kind: "customers", reason: "customers cannot be told apart by project." },
    ]);
  });

  it("gives nothing at all of a source that knows none of the names, rather than everything", async () => {
    for (const project of [{ cloudAccount: "staging" }, { cloudAccount: "product" }, { railwayProject: "web" }])
      await expect(scoped(bill, project).query({}, signal)).rejects.toThrow(UserError);
    await expect(scoped(bill, { cloudAccount: "staging" }).query({}, signal)).rejects.toThrow(/“bill” has no account staging/);
  });

  it("takes a name on trust where the source does not list all, and says so on the receipt", async () => {
    const more: Feed = {
      ...bill,
      async describe(s) {
        const about = await bill.describe(s);
        return { ...about, dimensions: about.dimensions.map((d) => ({ ...d, more: true })) };
      },
    };

    const { facts, receipts } = await scoped(more, { cloudAccount: "staging" }).query({}, signal);

    expect(facts).toEqual([]);
    expect(receipts[0]?.notes?.join()).toContain("names account staging, which this source did not show lately");
  });
});
