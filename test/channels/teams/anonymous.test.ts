import { afterEach, describe, expect, test } from "vitest";
import { createTeamsChannel } from "../../../src/channels/teams/index.ts";
import { type TeamsSettings, teamsIdentity } from "../../../src/channels/teams/settings.ts";
import { connectRaw, isWhole } from "../../kit/raw-http.ts";
import { openTeamsWorld, SETTINGS, type TeamsWorld } from "./world.ts";

const HERE = { loopback: true, production: false };
let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe("half an identity", () => {
  const names = ["MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID"] as const;
  for (const missing of names)
    test(`refuses to start without ${missing}, and says so`, () => {
      const settings: TeamsSettings = { ...SETTINGS, [missing]: undefined };

      expect(() => teamsIdentity(settings, HERE)).toThrow(missing);
      for (const name of names.filter((n) => n !== missing)) expect(() => teamsIdentity(settings, HERE)).not.toThrow(name);
    });

  test("is not made whole by TEAMS_ANONYMOUS", () => {
    expect(() => teamsIdentity({ TEAMS_ANONYMOUS: "true", MICROSOFT_APP_ID: "x" }, HERE)).toThrow("MICROSOFT_APP_PASSWORD");
    expect(() => teamsIdentity({ TEAMS_ANONYMOUS: "false" }, HERE)).toThrow("MICROSOFT_APP_ID");
  });

  test("opens no channel", async () => {
    const options = { ...HERE } as Parameters<typeof createTeamsChannel>[1];

    await expect(createTeamsChannel({ MICROSOFT_APP_ID: "x" }, options)).rejects.toThrow("MICROSOFT_APP_TENANT_ID");
  });
});

describe("without tokens", () => {
  const settings: TeamsSettings = { TEAMS_ANONYMOUS: "true" };

  test("never in production, never for others than this machine", () => {
    expect(() => teamsIdentity(settings, { loopback: true, production: true })).toThrow("production");
    expect(() => teamsIdentity(settings, { loopback: false, production: false })).toThrow("loopback");
    expect(() => teamsIdentity({ ...SETTINGS, ...settings }, { loopback: false, production: true })).toThrow("TEAMS_ANONYMOUS");
  });

  test("a whole identity keeps tokens asked for", () => {
    expect(teamsIdentity({ ...SETTINGS, ...settings }, HERE).kind).toBe("app");
  });

  test("warns in doctor", async () => {
    world = await openTeamsWorld({ settings });

    expect(await world.channel.check()).toMatchObject({ state: "warning" });
  });

  test("a tool on this machine is answered", async () => {
    world = await openTeamsWorld({ settings, anonymous: true });

    const { status } = await world.deliver(world.teams.activities.message("costs?"), { authorization: undefined });
    await world.channel.stop();

    expect(status).toBe(200);
    expect(world.teams.standing).toHaveLength(1);
  });

  const foreign: [string, Record<string, string>, object][] = [
    ["a page of another site", { origin: "https://evil.example" }, {}],
    ["a page of another port", { origin: "http://127.0.0.1:9" }, {}],
    ["a sandboxed page", { origin: "null" }, {}],
    ["what a proxy passes on", { "x-forwarded-for": "203.0.113.7" }, {}],
    ["an address for answers elsewhere", {}, { serviceUrl: "https://evil.example" }],
    ["an address that only begins like ours", {}, { serviceUrl: "http://127.0.0.1.evil.example" }],
  ];
  for (const [what, headers, fields] of foreign)
    test(`${what} is refused`, async () => {
      world = await openTeamsWorld({ settings, anonymous: true });

      const { status } = await world.deliver(
        { ...world.teams.activities.message("costs?"), ...fields },
        { authorization: undefined, ...headers },
      );

      expect(status).toBe(403);
      expect(world.asked).toEqual([]);
    });

  test("a name that leads here is refused, with its page's origin and without", async () => {
    world = await openTeamsWorld({ settings, anonymous: true });
    const body = JSON.stringify(world.teams.activities.message("costs?"));

    for (const origin of ["", "origin: http://rebound.example\r\n"]) {
      const connection = await connectRaw(Number(new URL(world.url).port));
      connection.send(
        `POST /api/messages HTTP/1.1\r\nhost: rebound.example\r\n${origin}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      expect(await connection.received(isWhole)).toMatch(/^HTTP\/1\.1 403/);
      connection.socket.destroy();
    }
    expect(world.asked).toEqual([]);
  });

  test("a form of another site is refused: only JSON is read", async () => {
    world = await openTeamsWorld({ settings, anonymous: true });

    const { status } = await world.deliver(world.teams.activities.message("x"), { authorization: undefined, "content-type": "text/plain" });

    expect(status).toBe(415);
  });
});
