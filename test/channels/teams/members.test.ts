import { afterEach, describe, expect, test } from "vitest";
import { ADA, CHANNEL, type Fields, GROUP, memberOf } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld, until, type WorldOptions } from "./world.ts";

let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** `answered` are the texts that an agent was really asked. */
async function open(options: WorldOptions = {}): Promise<TeamsWorld & { answered: string[] }> {
  const answered: string[] = [];
  const opened = await openTeamsWorld({
    answer: async function* (message) {
      answered.push(message.text);
      yield finalReply();
    },
    ...options,
  });
  world = opened;
  return { ...opened, answered };
}

const MINUTE = 60_000;

describe("who the roster does not call a full member", () => {
  const strangers: [string, Fields | undefined][] = [
    ["a guest", memberOf(ADA, { userRole: "guest" })],
    ["a guest by name", memberOf(ADA, { userPrincipalName: "ada_y.example#EXT#@x.example" })],
    ["a visitor of a meeting", memberOf(ADA, { userRole: "anonymous" })],
    ["a person of another tenant, from a shared channel", memberOf(ADA, { tenantId: "99999999-1111-4111-8111-111111111111" })],
    ["a person of no tenant", memberOf(ADA, { tenantId: undefined })],
    ["a person with neither role nor name", memberOf(ADA, { userRole: undefined, userPrincipalName: undefined })],
    ["nobody the roster knows", undefined],
  ];
  for (const [who, entry] of strangers)
    test(`${who} gets a polite no, and no agent is asked`, async () => {
      const { teams, ask, answered, faults } = await open();
      if (entry) teams.roster.set(ADA.id, entry);
      else teams.roster.delete(ADA.id);

      const { status } = await ask(teams.activities.mentioned("costs?"));

      expect(status).toBe(200);
      expect(answered).toEqual([]);
      expect(teams.seen()).toContain("I only answer full members of this organisation");
      expect(faults).toEqual([]);
    });

  for (const conversation of ["a personal chat", "a thread of a channel", "a button"] as const)
    test(`is refused in ${conversation} too`, async () => {
      const { teams, ask, answered } = await open();
      teams.roster.set(ADA.id, memberOf(ADA, { userRole: "guest" }));
      const { activities } = teams;
      const asks = {
        "a personal chat": activities.message("costs?"),
        "a thread of a channel": activities.inThread("costs?"),
        "a button": activities.execute("ask", { question: "costs?" }, { conversation: GROUP }),
      };

      await ask(asks[conversation]);

      expect(answered).toEqual([]);
      expect(teams.seen()).toContain("I only answer");
      expect(teams.violations).toEqual([]);
    });
});

describe("the roster", () => {
  for (const status of [500, 403, 429])
    test(`that cannot be read (${status}) means no, and is asked again the next time`, async () => {
      const { teams, deliver, channel, answered } = await open();
      teams.gone.roster = status;

      await deliver(teams.activities.mentioned("first"));
      await until(() => teams.seen().includes("could not check who you are"));
      teams.gone.roster = undefined;
      await deliver(teams.activities.mentioned("second"));
      await channel.stop();

      expect(answered).toEqual(["second"]);
    });

  test("is asked for a channel, not for its thread, and once in ten minutes", async () => {
    const { teams, deliver, channel, clock, answered } = await open();

    for (const pause of [0, 9 * MINUTE, 2 * MINUTE]) {
      clock.advance(pause);
      await deliver(teams.activities.inThread("costs?", `${1_700 + pause}`));
    }
    await until(() => answered.length === 3);
    await channel.stop();

    expect(teams.lookups).toEqual([CHANNEL.id, CHANNEL.id]);
  });

  test("does not hold up the HTTP answer", async () => {
    const { teams, deliver, answered, channel } = await open({ deadlineMs: 300 });
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    teams.holdRoster(gate);

    const { status } = await deliver(teams.activities.mentioned("costs?"));
    const before = [...answered];
    go();
    await channel.stop();

    expect([status, before, answered]).toEqual([200, [], ["costs?"]]);
  });

  test("tells the address by which roles are given", async () => {
    const roles: unknown[] = [];
    const { teams, ask } = await open({
      answer: async function* (message) {
        roles.push(message.user.roles);
        yield finalReply();
      },
      options: { rolesOf: ({ email }) => [email === "ada@example.com" ? "admin" : "viewer"] },
    });

    await ask(teams.activities.message("costs?"));

    expect(roles).toEqual([["admin"]]);
  });
});
