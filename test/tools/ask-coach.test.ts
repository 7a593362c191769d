import { describe, expect, test } from "vitest";
import { askCoach } from "../../src/tools/ask-coach.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { libraryContext } from "./library.ts";

testTool(askCoach, {
  start: async () => ({ context: libraryContext() }),
  reads: false,
  good: [
    { name: "nothing said", input: {}, figures: false },
    { name: "a coach by name", input: { coach: "developer", query: "how do I review code?" } },
    { name: "a question without a name", input: { query: "how do I write acceptance criteria?" } },
  ],
  bad: [
    { name: "a coach there is not", input: { coach: "chef", query: "x" }, says: /There is business-analyst, developer, ewm and support/ },
    { name: "a field it does not have", input: { part: "ewm" }, says: /part/ },
  ],
});

describe("a coach", () => {
  test.each([
    ["ewm how do I post goods receipt for an inbound delivery?", "coach-ewm", /Post goods receipt/],
    ["ask the EWM coach how to post goods receipt", "coach-ewm", /Post goods receipt/],
    ["ask the warehouse coach about a wave released with errors", "coach-ewm", /wave/i],
    ["business-analyst: how to run a gap analysis", "coach-business-analyst", /Gap analysis/],
    ["how do I escalate a ticket?", "coach-support", /Escalate/],
    ["the strangler pattern", "coach-developer", /Strangler/],
  ])("is found for “%s”", async (query, coach, heading) => {
    const { data } = await askCoach.run({ query }, libraryContext());

    expect(data).toMatchObject({ coach, covered: true });
    expect((data as { citations: { headings: string[] }[] }).citations[0]?.headings.join(" ")).toMatch(heading);
  });

  test("cites only its own part, asks back, and leaves out what the question says", async () => {
    const finding = await askCoach.run({ coach: "ewm", query: "goods receipt in embedded EWM with a mobile device" }, libraryContext());

    const { citations, questions } = finding.data as { citations: { document: string }[]; questions: string[] };
    expect(citations.every((c) => c.document.startsWith("ewm/"))).toBe(true);
    expect(questions.length).toBeGreaterThan(0);
    expect(questions.join(" ")).not.toMatch(/embedded|mobile device/);
  });

  test("does not answer from another field, and asks what would help", async () => {
    const finding = await askCoach.run({ coach: "support", query: "which transaction code posts a put-away task?" }, libraryContext());

    expect(finding.data).toMatchObject({ coach: "coach-support", covered: false });
    expect(finding.content).toMatch(/The knowledge does not say.*To be more exact, tell me/s);
  });

  test.each(["which coaches are there?", "", "I want to talk to a coach"])("introduces all for “%s”", async (query) => {
    const { content } = await askCoach.run({ query }, libraryContext());

    expect(content).toMatch(/\*\*business-analyst\*\*.*\*\*developer\*\*.*\*\*ewm\*\*.*\*\*support\*\*/s);
  });
});
