import { afterEach, describe, expect, test } from "vitest";
import { alertCard } from "../../../src/alerts/card.ts";
import { acknowledged, eased, opened } from "../../../src/alerts/lifecycle.ts";
import { sign } from "../../alerts/world.ts";
import { CHANNEL, GROUP } from "../../kit/teams/index.ts";
import { openTeamsWorld, type TeamsWorld, until } from "./world.ts";

const NOW = new Date("2026-11-20T09:00:00Z");
const FIGURE = {
  measure: "cost",
  unit: "USD",
  from: "2026-11-18",
  to: "2026-11-19",
  actual: 190,
  expected: 100,
  low: 80,
  high: 120,
  excess: 180,
  days: Array.from({ length: 14 }, (_, i) => ({
    day: `2026-11-${String(i + 6).padStart(2, "0")}`,
    value: i > 11 ? 190 : 100,
    low: 80,
    high: 120,
    odd: i > 11,
  })),
};
const open: TeamsWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0).reverse()) await world.close();
});

async function start(conversation: object): Promise<TeamsWorld> {
  const world = await openTeamsWorld();
  open.push(world);
  await world.deliver(world.teams.activities.installed(conversation));
  await until(() => world.teams.standing.length === 2);
  world.teams.standing.length = 0;
  world.clock.advance(60_000);
  return world;
}

const alert = opened("a1b2c3d4", sign({ figure: FIGURE, series: "Amazon S3", title: "Cost of Amazon S3 above its normal range" }), NOW);
const cardIn = ({ teams }: TeamsWorld) => JSON.stringify(teams.standing[0]?.activity.attachments?.[0]?.content);

describe.each([
  ["a channel", CHANNEL],
  ["a group chat", GROUP],
])("an alert in %s", (_, conversation) => {
  test("is one card with its words, and is changed where it stands", async () => {
    const world = await start(conversation);
    const place = `teams:${conversation.id}`;

    const delivery = await world.channel.send(place, alertCard(alert), "alert:a1b2c3d4:1");

    expect(delivery.state).toBe("sent");
    expect(world.teams.standing).toHaveLength(1);
    expect(world.teams.standing[0]?.activity.text ?? "").toBe("");
    expect(cardIn(world)).toMatch(/Cost of Amazon S3 above its normal range.*\$190\.00.*Acknowledge.*\/alerts acknowledge a1b2c3d4/);

    const id = delivery.state === "sent" ? delivery.id : "";
    world.clock.advance(60_000);
    expect(await world.channel.update?.(place, id, alertCard(acknowledged(alert, "Ada", NOW)))).toEqual({ state: "sent", id });
    expect(cardIn(world)).toMatch(/Acknowledged by Ada.*Undo/);
    world.clock.advance(60_000);
    const over = eased(alert, "generic:1", NOW, NOW);
    if (!over) throw new Error("it is over");
    await world.channel.update?.(place, id, alertCard(over));
    expect(cardIn(world)).toContain("Recovered after");
    expect(cardIn(world)).not.toContain("Acknowledge");
    expect(world.teams.standing).toHaveLength(1);
    expect(world.teams.violations).toEqual([]);
    expect(world.faults).toEqual([]);
  });

  test("cannot be changed once the bot was removed, and says so", async () => {
    const world = await start(conversation);
    const delivery = await world.channel.send(`teams:${conversation.id}`, alertCard(alert), "alert:a1b2c3d4:1");
    expect(await world.channel.update?.("teams:19:elsewhere@thread.tacv2", "1", alertCard(alert))).toMatchObject({ state: "refused" });
    expect(await world.channel.update?.(`teams:${conversation.id}`, "999", alertCard(alert))).toMatchObject({ state: "refused" });
    expect(delivery.state).toBe("sent");
  });
});
