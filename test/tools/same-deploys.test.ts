import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { readFeeds } from "../../src/tools/feed-question.ts";
import { listDeployments } from "../../src/tools/list-deployments.ts";
import { oncePerDeploy } from "../../src/tools/same-deploys.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { contextOf } from "./world.ts";

function deploy(id: string, at: string, more: Record<string, string> = {}): FeedRecord {
  const labels = { repository: "acme/web", environment: "production", commit: "c1", ...more };
  return { id, at: new Date(at), labels, numbers: {}, times: {} };
}
const ids = (sources: readonly (readonly FeedRecord[])[]) => oncePerDeploy(sources).map(({ id }) => id);

describe("deployments of several sources", () => {
  it("are told once where commit, repository, environment and hour agree, by the source that knows more", () => {
    const platform = [deploy("p1", "2026-11-10T10:00:00Z"), deploy("p2", "2026-11-10T15:00:00Z")];
    const forge = [deploy("f1", "2026-11-10T10:05:00Z", { author: "ann", commits: "c1" })];

    expect(ids([platform, forge])).toEqual(["f1", "p2"]);
  });

  it.each([
    ["another commit", { commit: "c2" }],
    ["another environment", { environment: "staging" }],
    ["another repository", { repository: "acme/api" }],
  ])("stay two with %s", (_, more) => {
    expect(ids([[deploy("p1", "2026-11-10T10:00:00Z")], [deploy("f1", "2026-11-10T10:00:00Z", more)]])).toHaveLength(2);
  });

  it("stay as they are within one source, and without a commit", () => {
    const again = [deploy("a", "2026-11-10T10:00:00Z"), deploy("b", "2026-11-10T10:01:00Z")];
    const { commit: _, ...plain } = deploy("x", "2026-11-10T10:00:00Z").labels;
    const nameless = (id: string): FeedRecord => ({ ...deploy(id, "2026-11-10T10:00:00Z"), labels: plain });

    expect(ids([again])).toEqual(["a", "b"]);
    expect(ids([[nameless("x")], [nameless("y")]])).toEqual(["x", "y"]);
  });

  it("are as many in a list, in a sum, and in the sums of its parts", async () => {
    const forge = ["c1", "c2", "c3"].map((commit, i) => deploy(`f${i}`, `2026-11-1${i}T10:00:00Z`, { commit, author: "ann" }));
    const platform = ["c2", "c3", "c4"].map((commit, i) => deploy(`p${i}`, `2026-11-1${i + 1}T10:20:00Z`, { commit, author: "bot" }));
    const feedOf = (name: string, records: FeedRecord[]) => ({ ...fixtureRecords("deploys", records, ["repository", "author"]), name });
    const context = contextOf([feedOf("forge", forge), feedOf("platform", platform)]);
    const sum = async (question: Parameters<typeof readFeeds>[0]) =>
      (await readFeeds(question, "deploys", context)).facts.map(({ value }) => value).reduce((a, b) => a + b, 0);

    const listed = await listDeployments.run({}, context);
    const { notes } = await readFeeds({}, "deploys", context);

    expect(listed.data).toMatchObject({ n: 4 });
    expect([await sum({}), await sum({ by: ["author"] }), await sum({ filter: { author: "bot" } })]).toEqual([4, 4, 1]);
    expect(notes).toContain("Deployments that two sources tell of are counted once.");
  });
});
