import { describe, expect, it } from "vitest";
import { environmentOf } from "../../../src/integrations/github/deploys.ts";
import { issueKeyOf } from "../../../src/integrations/github/issue-key.ts";
import { issueRecord } from "../../../src/integrations/github/issues.ts";
import { pullRecord, reviewState } from "../../../src/integrations/github/pulls.ts";
import { issueNode, pullNode } from "../../../src/integrations/github/schema.ts";
import { OPEN, pull } from "./answers.ts";

const nobody = { of: () => undefined };
const read = (changes: Record<string, unknown> = {}) => pullNode.parse(pull(7, changes));
const person = (login: string) => ({ __typename: "User", login });

describe("a pull request as a record", () => {
  it("has the names analyses rely on", () => {
    const record = pullRecord(read(), { of: (login) => (login === "ann" ? "Platform" : undefined) });

    expect(record).toMatchObject({
      id: "acme/web#7",
      at: new Date("2026-11-10T09:00:00Z"),
      labels: {
        ...{ repository: "acme/web", author: "ann", team: "Platform", state: "merged", base: "main", reviewers: "bob", issue: "OPS-7" },
        commit: "c0ffee0000000000000000000000000000000001",
      },
      numbers: { additions: 12, deletions: 3, commits: 2, reviews: 2, comments: 2 },
      times: { created: new Date("2026-11-10T09:00:00Z"), first_commit: new Date("2026-11-09T15:00:00Z") },
    });
    expect(record.labels.review).toBeUndefined();
  });

  it("was first looked at by the first person who is not its author, in a review or a comment", () => {
    expect(pullRecord(read(), nobody).times.first_review).toEqual(new Date("2026-11-10T11:00:00Z"));

    const alone = read({
      comments: { nodes: [{ createdAt: "2026-11-10T10:00:00Z", author: person("ann") }] },
      reviews: {
        totalCount: 3,
        nodes: [
          { state: "COMMENTED", submittedAt: "2026-11-10T09:30:00Z", author: person("ann") },
          { state: "COMMENTED", submittedAt: "2026-11-10T09:40:00Z", author: { __typename: "User", login: "copilot[bot]" } },
          { state: "PENDING", submittedAt: null, author: person("bob") },
        ],
      },
    });
    expect(pullRecord(alone, nobody).times).not.toHaveProperty("first_review");
    expect(pullRecord(alone, nobody).labels).not.toHaveProperty("reviewers");
  });

  it("leaves out what GitHub does not know, and never says zero or nothing instead", () => {
    const record = pullRecord(read({ ...OPEN, author: null, totalCommentsCount: null, commits: { totalCount: 1, nodes: [null] } }), nobody);

    expect(record.labels).not.toHaveProperty("author");
    expect(record.labels).not.toHaveProperty("commit");
    expect(record.numbers).not.toHaveProperty("comments");
    expect(Object.keys(record.times)).toEqual(["created"]);
  });

  it("keeps no link that is none of GitHub's kind", () => {
    for (const url of ["javascript:alert(1)", "http://github.com/acme", "https://github.com/a b", "https://github.com/x](https://evil"])
      expect(pullRecord(read({ url }), nobody)).not.toHaveProperty("url");
  });

  it.each([
    ["draft", { isDraft: true }],
    ["approved", { reviewDecision: "APPROVED" }],
    ["changes requested", { reviewDecision: "CHANGES_REQUESTED" }],
    ["waiting for review", { reviewDecision: "REVIEW_REQUIRED" }],
    ["waiting for review", {}],
    ["in review", { reviewDecision: "REVIEW_REQUIRED", reviews: reviews(["bob", "COMMENTED"]) }],
    ["approved", { reviews: reviews(["bob", "CHANGES_REQUESTED"], ["bob", "APPROVED"]) }],
    ["changes requested", { reviews: reviews(["cem", "APPROVED"], ["bob", "CHANGES_REQUESTED"], ["bob", "COMMENTED"]) }],
  ])("is %s with %j", (state, changes) => {
    expect(reviewState(read({ ...OPEN, ...changes }))).toBe(state);
  });
});

function reviews(...list: [string, string][]) {
  const nodes = list.map(([login, state], i) => ({ state, submittedAt: `2026-11-1${i}T12:00:00Z`, author: person(login) }));
  return { totalCount: nodes.length, nodes };
}

describe("the ticket a pull request names", () => {
  it.each([
    ["OPS-31: mend the gate", "anything", "OPS-31"],
    ["Mend (gate-12) WEB-4 the gate", "ops-9-gate", "WEB-4"],
    ["Mend the gate", "gate-412-slots", "GATE-412"],
    ["Mend the gate", "feature/gate-412_slots", "GATE-412"],
    ["Mend the gate", "ann/more/OPS-0031-login", "OPS-31"],
    ["Read UTF-8 and SHA-256", "utf-8-names", undefined],
    ["Update react", "renovate/react-18.x", undefined],
    ["Mend the gate", "gate412", undefined],
  ])("%s on %s is %s", (title, branch, key) => {
    expect(issueKeyOf(title, branch)).toBe(key);
  });

  it("is not looked for in a machine's branch", () => {
    const machine = { title: "Update lodash", headRefName: "npm-4-lodash", author: { __typename: "Bot", login: "dependabot" } };

    expect(pullRecord(read(machine), nobody).labels).not.toHaveProperty("issue");
  });
});

describe("an issue as a record", () => {
  const node = {
    ...{ id: "I_1", number: 9, title: "Gate is slow", body: "It waits.\u0007\nLong.", url: "https://github.com/acme/web/issues/9" },
    ...{ state: "CLOSED", stateReason: "NOT_PLANNED", createdAt: "2026-11-01T08:00:00Z", closedAt: "2026-11-03T08:00:00Z" },
    ...{ updatedAt: "2026-11-03T08:00:00Z", repository: { nameWithOwner: "acme/web" }, author: person("ann") },
    assignees: { nodes: [{ login: "bob" }] },
    labels: { nodes: [{ name: "kind/bug" }, { name: "gate" }] },
    milestone: { title: "Winter", dueOn: "2026-12-01T00:00:00Z" },
    closedByPullRequestsReferences: { totalCount: 0 },
  };

  it("has the names analyses rely on", () => {
    expect(issueRecord(issueNode.parse(node), { of: () => "Gate" })).toMatchObject({
      id: "acme/web#9",
      text: "It waits. \nLong.",
      labels: {
        ...{ project: "acme/web", type: "bug", status: "closed", status_category: "done", assignee: "bob", reporter: "ann", team: "Gate" },
        ...{ resolution: "not planned", milestone: "Winter" },
      },
      times: { resolved: new Date("2026-11-03T08:00:00Z"), due: new Date("2026-12-01T00:00:00Z") },
    });
  });

  it("is in progress once a pull request would close it", () => {
    const open = { ...node, state: "OPEN", stateReason: null, closedAt: null };
    const category = (totalCount: number) =>
      issueRecord(issueNode.parse({ ...open, closedByPullRequestsReferences: { totalCount } }), nobody).labels.status_category;

    expect([category(0), category(1)]).toEqual(["to do", "in progress"]);
  });
});

describe("an environment", () => {
  it.each([
    ["production", "production"],
    ["Prod", "production"],
    ["web / production", "production"],
    ["Production – acme", "production"],
    ["pre-production", "pre-production"],
    ["preprod", "preprod"],
    ["staging-eu", "staging"],
    ["github-pages", "github-pages"],
    [null, undefined],
  ])("%s is %s", (name, environment) => {
    expect(environmentOf({ originalEnvironment: name, environment: null })).toBe(environment);
  });
});
