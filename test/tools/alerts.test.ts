import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { User } from "../../src/core/message.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { alerts } from "../../src/tools/alerts.ts";
import { ADA, openWorld, sign, type World } from "../alerts/world.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** `typed`: what the person wrote; a model may have made other arguments of it. */
function ask(command: string, { typed = `/alerts ${command}`, user = ADA }: { typed?: string; user?: User } = {}) {
  const message: ToolContext["message"] = { channel: "slack", conversation: "slack:T1:C1:1", text: typed };
  return alerts.run({ command }, contextOf([], { user, now: world.now(), alerts: world.desk, message }));
}

const textOf = async (finding: ReturnType<typeof ask>) => (await finding).content;

describe("the alerts", () => {
  it("are listed, each with its state, and shown with their history", async () => {
    expect(await textOf(ask(""))).toContain("No alert is open.");
    await world.take(sign());
    await world.step();
    const id = (await world.desk.list(ADA))[0]?.id ?? "";
    expect(await textOf(ask("list"))).toMatch(/\*\*1 alert is open\*\*[\s\S]*Bookings fail[\s\S]*firing/);
    const shown = await ask(`show ${id}`);
    expect(shown.content).toMatch(/Warning: Bookings fail[\s\S]*opened/);
    expect(shown.suggestions).toContain(`/alerts acknowledge ${id}`);
    expect(await textOf(ask(id))).toBe(shown.content);
  });

  it("change by what a person typed or pressed, with an analyst's role", async () => {
    await world.take(sign());
    const id = (await world.desk.list(ADA))[0]?.id ?? "";
    await expect(ask(`acknowledge ${id}`, { user: { ...ADA, roles: ["viewer"] } })).rejects.toThrow(/It takes an analyst/);
    await expect(ask(`acknowledge ${id}`, { typed: "please take care of the alert" })).rejects.toThrow(
      /To do it, say `\/alerts acknowledge/,
    );
    expect(await textOf(ask(`ack ${id} looking at it`))).toBe(`Acknowledged: **Bookings fail** (\`${id}\`).`);
    expect((await world.desk.list(ADA))[0]?.acknowledged).toMatchObject({ by: "Ada", note: "looking at it" });
  });

  it.each([
    ["for 2 days", "2026-11-22 09:00 UTC"],
    ["4h", "2026-11-20 13:00 UTC"],
    ["for 1 week", "2026-11-27 09:00 UTC"],
    ["until 2026-12-24", "2026-12-25 00:00 UTC"],
    ["until tomorrow", "2026-11-22 00:00 UTC"],
    ["until Friday", "2026-11-28 00:00 UTC"],
    ["", "2026-11-21 09:00 UTC"],
  ])("are snoozed %s", async (words, until) => {
    await world.take(sign());
    const id = (await world.desk.list(ADA))[0]?.id ?? "";
    expect(await textOf(ask(`snooze ${id} ${words}`))).toContain(`until ${until}`);
  });

  it("are marked as expected with a note, listed as learned, and taken back", async () => {
    await world.take(sign());
    const id = (await world.desk.list(ADA))[0]?.id ?? "";
    expect(await textOf(ask(`expected ${id} for 3 days load test`))).toContain("not told of again until 2026-11-23 09:00 UTC");
    expect(await textOf(ask("learned"))).toMatch(/gate-api[\s\S]*expected[\s\S]*load test/);
    expect(await textOf(ask(`undo ${id}`))).toContain("Taken back");
    expect(await textOf(ask("learned"))).toContain("Nothing is marked");
  });

  it("are counted by rule", async () => {
    expect(await textOf(ask("noise"))).toContain("No alert rule is set");
    await world.take(sign());
    expect(await textOf(ask("noise"))).toContain("1 alert in the last 28 days");
  });

  it("name the rules worth loosening in their first line, which is what a weekly digest shows, and say how in the table", async () => {
    for (let i = 0; i < 6; i++) {
      const own = { fingerprint: `generic:${i}`, group: `service:${i}` };
      await world.take(sign(own), sign({ ...own, state: "recovered", at: world.now() }));
    }

    const { blocks } = await ask("noise");

    expect(blocks[0]).toMatchObject({ text: expect.stringMatching(/^\*\*6 alerts .+, of 1 rule; worth loosening: generic\.\n/) });
    expect(blocks[1]).toMatchObject({ rows: [expect.arrayContaining([expect.stringContaining("6 of 6 ended before anybody")])] });
  });

  it.each([
    ["acknowlege 1", /Did you mean acknowledge\?/],
    ["acknowledge", /Which one\?/],
    ["show", /Which one\?/],
    ["show deadbeef", /There is no alert “deadbeef”/],
    ["snooze 1 until 2026-02-30", /There is no day 2026-02-30/],
    ["snooze 1 for ever", /I do not understand “for ever”. Say “for 2 days”, “until friday” or “until 2026-12-24”/],
    ["expected 1 until the fair", /I do not understand “until the fair”/],
  ])("refuse “%s” with what to say", async (command, message) => {
    await expect(ask(command)).rejects.toThrow(message);
  });

  it("are said to be elsewhere where there are none", async () => {
    await expect(alerts.run({}, contextOf([]))).rejects.toThrow(/not available here/);
  });
});

describe("a question in plain words", () => {
  it.each([
    ["which alert rules are too noisy?", "No alert rule is set"],
    ["which alerts were snoozed?", "Nothing is marked as expected"],
    ["which alerts did we have yesterday?", "0 alerts"],
    ["which alerts are open?", "No alert is open."],
  ])("“%s” is answered", async (typed, words) => {
    expect(await textOf(ask("", { typed }))).toContain(words);
  });
});

testTool(alerts, {
  async start() {
    const own = await openWorld();
    await own.take(sign());
    await own.step();
    return { context: contextOf([], { user: ADA, now: own.now(), alerts: own.desk }), stop: () => own.close() };
  },
  reads: false,
  good: [
    { name: "nothing said", input: {}, figures: false },
    { name: "all there were", input: { command: "all" }, figures: false },
    { name: "what was learned", input: { command: "learned" }, figures: false },
  ],
  bad: [{ name: "an alert there is not", input: { command: "show nothing-there" }, says: /no alert|There is no/i }],
});
