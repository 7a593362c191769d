import { afterEach, describe, expect, it } from "vitest";
import type { ChannelOptions } from "../../../src/channels/index.ts";
import { openSlack, realRouter, type SlackWorld } from "./world.ts";

const FINOPS = "C0FINOPS";
const LINK = "https://firstmate.example.com/sign-in#fml_secret";
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(channel: Partial<ChannelOptions> = {}) {
  const router = await realRouter();
  open.push(router);
  const asked: object[] = [];
  const signIn = async (person: object) => {
    asked.push(person);
    return LINK;
  };
  const given = await openSlack(router.handle, { channel: { ...router.places, signIn, ...channel } });
  open.push(given);
  return { given, router, asked };
}

const seen = ({ slack }: SlackWorld, user: string) => slack.transcript(FINOPS, undefined, { as: user }).filter(({ own }) => own);

describe("signing in to the console from Slack", () => {
  it("answers the command with a link for the asker alone, which no record keeps", async () => {
    const { given, router, asked } = await world();

    await given.http.send(given.slack.gestures.command({ command: "/firstmate", text: "login", user: "U0ADA", channel: FINOPS }));
    await given.settle();

    expect(seen(given, "U0ADA").map(({ shown }) => shown)).toEqual([expect.stringContaining("This opens the web console")]);
    expect(JSON.stringify(seen(given, "U0ADA"))).toContain(LINK);
    expect(JSON.stringify(seen(given, "U0BEN"))).not.toContain("fml_");
    expect(asked).toEqual([expect.objectContaining({ user: "slack:T0HARBOR:U0ADA" })]);
    expect(await router.conversations.list("slack:T0HARBOR:U0ADA", 10)).toEqual([]);
  });

  it("answers the words in a channel the same way, and once however often they are delivered", async () => {
    const { given, asked } = await world();
    const mention = given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "sign in to the console" });

    await given.http.send(mention);
    await given.http.send(mention);
    await given.settle();

    expect(asked).toHaveLength(1);
    expect(JSON.stringify(seen(given, "U0ADA"))).toContain(LINK);
    expect(JSON.stringify(seen(given, "U0BEN"))).not.toContain("fml_");
  });
});
