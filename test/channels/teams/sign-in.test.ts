import { afterEach, describe, expect, test } from "vitest";
import { ADA, memberOf } from "../../kit/teams/index.ts";
import { openTeamsWorld, type TeamsWorld } from "./world.ts";

const LINK = "https://firstmate.example.com/sign-in#fml_secret";
const closing: TeamsWorld[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function open(): Promise<{ world: TeamsWorld; asked: object[] }> {
  const asked: object[] = [];
  const signIn = async (person: object) => {
    asked.push(person);
    return LINK;
  };
  const world = await openTeamsWorld({ options: { signIn } });
  closing.push(world);
  return { world, asked };
}

describe("signing in to the console from Teams", () => {
  test("gives a link in a personal chat, which no agent and no record sees", async () => {
    const { world, asked } = await open();

    await world.ask(world.teams.activities.message("login"));

    expect(world.teams.seen()).toContain(LINK);
    expect(asked).toEqual([expect.objectContaining({ user: expect.stringMatching(/^teams:/) })]);
    expect(world.asked).toEqual([]);
    expect(world.faults).toEqual([]);
    expect(await world.database.kysely.selectFrom("turns").selectAll().execute()).toEqual([]);
  });

  test("gives none where others read along", async () => {
    const { world, asked } = await open();

    await world.ask(world.teams.activities.mentioned("sign in to the console"));

    expect(world.teams.seen()).toContain("personal chat");
    expect(world.teams.seen()).not.toContain("fml_");
    expect(asked).toEqual([]);
  });

  test("gives none to a guest", async () => {
    const { world, asked } = await open();
    world.teams.roster.set(ADA.id, memberOf(ADA, { userRole: "guest" }));

    await world.ask(world.teams.activities.message("login"));

    expect(world.teams.seen()).not.toContain("fml_");
    expect(asked).toEqual([]);
  });
});
