import { afterEach, describe, expect, it } from "vitest";
import type { ChannelOptions } from "../../../src/channels/index.ts";
import { answering, openSlack, realRouter, type SlackWorld } from "./world.ts";

const FINOPS = "C0FINOPS";
const ADA = "slack:T0HARBOR:U0ADA";
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** The real router and its records, as the application hands them to a channel. */
async function world(channel: Partial<ChannelOptions> = {}) {
  const router = await realRouter();
  open.push(router);
  const { conversations } = router;
  const given = await openSlack(router.handle, {
    slack: { limits: { "chat.postMessage": 0 } },
    channel: {
      ...router.places,
      history: async (user, limit) =>
        (await conversations.list(user, limit)).map(({ title, updatedAt }) => ({ question: title, at: updatedAt })),
      forget: (user) => conversations.forget(user),
      ...channel,
    },
  });
  open.push(given);
  const command = (text: string, user = "U0ADA") =>
    given.http.send(given.slack.gestures.command({ command: "/firstmate", text, user, channel: FINOPS }));
  return { given, router, command };
}

const own = ({ slack }: SlackWorld) => slack.transcript(FINOPS).filter((message) => message.own);
const alone = ({ slack }: SlackWorld, user = "U0ADA") =>
  slack.transcript(FINOPS, undefined, { as: user }).filter((message) => message.onlyFor === user);

describe("/firstmate history", () => {
  it("tells a person alone what they asked, and nobody else's questions", async () => {
    const { given, command } = await world();
    await command("costs by service in October 2026");
    await command("costs by region in October 2026", "U0BEN");
    await expect.poll(() => own(given).filter(({ edited }) => edited).length).toBe(2);

    await command("history");
    await given.settle();

    expect(alone(given).map(({ shown }) => shown)).toEqual([
      expect.stringMatching(/Your last question[\s\S]*2026-11-21 09:00 UTC · .*service/),
    ]);
    expect(alone(given)[0]?.shown).not.toContain("region");
    expect(own(given)).toHaveLength(2);
  });

  it("says when there is nothing", async () => {
    const { given, command } = await world();

    await command("history");
    await given.settle();

    expect(alone(given).map(({ shown }) => shown)).toEqual([expect.stringContaining("have not asked")]);
  });
});

describe("/firstmate clear", () => {
  const clicked = ({ slack }: SlackWorld, user: string) => {
    const ts = alone({ slack } as SlackWorld).at(-1)?.ts ?? "";
    return slack.gestures.press({ user, channel: FINOPS, ts, button: "Clear my history" });
  };

  it("asks first, and then deletes what this person asked, and only that", async () => {
    const { given, router, command } = await world();
    await command("costs by service in October 2026");
    await command("costs by region in October 2026", "U0BEN");
    await expect.poll(() => own(given).filter(({ edited }) => edited).length).toBe(2);

    await command("clear");
    await expect.poll(() => alone(given).length).toBe(1);
    expect(await router.turns()).toBe(2);
    await given.http.send(clicked(given, "U0ADA"));
    await given.settle();

    expect(await router.turns()).toBe(1);
    expect(await router.conversations.list(ADA, 5)).toEqual([]);
    expect(alone(given).map(({ shown }) => shown)).toEqual([expect.stringContaining("Done: I have deleted")]);
  });

  it("does nothing when the button reaches us from somebody else", async () => {
    const { given, router, command } = await world();
    await command("costs by service in October 2026");
    await expect.poll(() => own(given).filter(({ edited }) => edited).length).toBe(1);
    await command("clear");
    await expect.poll(() => alone(given).length).toBe(1);

    await given.http.send(clicked(given, "U0BEN"));
    await given.settle();

    expect(await router.turns()).toBe(1);
    expect(given.ignored).toContain("a button to clear, pressed by somebody else");
  });
});

describe("/firstmate help", () => {
  it("lists the tools that are there and what only Slack can do", async () => {
    const { given, command } = await world();

    await command("help");
    await command("");
    await given.settle();

    expect(own(given)).toHaveLength(2);
    for (const { shown } of own(given)) {
      expect(shown).toMatch(/\/costs[\s\S]*\/pareto/);
      expect(shown).toMatch(/\/firstmate history[\s\S]*\/firstmate clear[\s\S]*--private/);
    }
  });

  it("names nothing that does not work here", async () => {
    const { given, command } = await world({ history: undefined as never, forget: undefined as never });

    await command("help");
    await command("history");
    await given.settle();

    expect(own(given)[0]?.shown).not.toMatch(/firstmate (history|clear)/);
    expect(own(given)[1]?.shown).toContain("There is no command “/history”");
  });
});

describe("a command", () => {
  it("with arguments that cannot be read shows how it goes", async () => {
    const { given, command } = await world();

    await command("pareto by moonphase");
    await given.settle();

    expect(own(given)[0]?.shown).toMatch(/goes like this: `\/pareto /);
  });

  it("with --private answers its asker alone with words, a table and all they may press", async () => {
    const { given, command } = await world();

    await command("costs by service in October 2026 --private");
    await command("--private");
    await given.settle();

    expect(own(given)).toEqual([]);
    const [costs, help] = alone(given);
    expect(costs?.blocks.map(({ type }) => type)).toEqual(expect.arrayContaining(["markdown", "table"]));
    expect(costs?.shown).toContain("$");
    expect(help?.shown).toContain("/costs");
  });

  it("with --private for an answer of many messages uses its address no more often than it may", async () => {
    const long = answering("word ".repeat(12_000));
    const given = await openSlack(long.handle);
    open.push(given);
    given.slack.faults.inject("response_url", { kind: "status", status: 400, accept: "before" }, { times: 2 });

    await given.http.send(given.slack.gestures.command({ command: "/costs", text: "--private", user: "U0ADA", channel: FINOPS }));
    await given.settle();

    expect(given.slack.callsTo("response_url").length).toBeLessThanOrEqual(5);
    expect(alone(given).length).toBeGreaterThan(0);
  });
});
