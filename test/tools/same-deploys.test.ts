import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { oncePerDeploy } from "../../src/tools/same-deploys.ts";

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
});
