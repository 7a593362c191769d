import { createV1Client } from "confluence.js/v1";
import { createV2Client } from "confluence.js/v2";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/demo/faults.ts";
import { confluence as simulator } from "../../../src/demo/vendors/confluence.ts";
import { UserError, VendorError } from "../../../src/errors.ts";
import { connectConfluence } from "../../../src/integrations/confluence/connection.ts";
import { confluence } from "../../../src/integrations/confluence/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { testTool } from "../../kit/tool-conformance.ts";
import { contextOf, NOW, patience, toolOf } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated Confluence, and the simulated company's own pages beside it. */
const company = simulatedCompany({
  simulator,
  integration: { settings: confluence.settings, connect: connectConfluence },
  now: NOW,
  warm({ connection, world }) {
    world.pages();
    return connection.check(patience());
  },
});
const { world } = company;

const ask = (name: string, input: Record<string, unknown>, of = company.connection) => {
  const tool = toolOf(of, name);
  return tool.run(tool.input.parse(input), contextOf(of));
};

describe("the simulated company on Confluence", () => {
  it("has all its pages, each with its words", async () => {
    const { value, status } = await company.connection.wiki.listPages(patience());

    expect(status).toBe("demo");
    expect(value.truncated).toBeUndefined();
    expect(
      value.items.map(({ id, title, space, version, editedAt }) => [id, title, space, version, editedAt.toISOString()]).sort(),
    ).toEqual(
      world
        .pages()
        .map((p) => [p.id, p.title, p.space.name, p.version, p.updatedAt.replace("Z", ".000Z")])
        .sort(),
    );
    const plain = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu);
    for (const { id, body } of world.pages())
      expect(plain(await company.connection.wiki.pageMarkdown(id, patience()))).toEqual(plain(body));
  });

  it("finds and opens them for whoever asks", async () => {
    const [found, latest, opened] = await Promise.all([
      ask("search_pages", { query: "gate bookings", space: "runbooks" }),
      ask("search_pages", { top: 3 }),
      ask("read_page", { page: "Runbook: gate bookings fail" }),
    ]);
    const newest = world.pages().toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));

    expect(found.data).toMatchObject({ pages: [{ title: "Runbook: gate bookings fail", space: "Runbooks" }] });
    expect(latest.data).toMatchObject({ total: world.pages().length, pages: newest.slice(0, 3).map(({ id }) => ({ id })) });
    expect(opened.content).toMatch(/^\*\*\[Runbook: gate bookings fail\]\(https:\/\/wiki\.example\/wiki\/spaces\/RUN\/pages\/\d+/);
    expect(opened.content).toContain("## First five minutes\n\n1. ");
    for (const answer of [found, latest, opened]) {
      expectHonest(answer);
      expect(answer.receipts[0]?.status).toBe("demo");
    }
  });

  it("keeps a person's words out of the query's logic", async () => {
    expect((await ask("search_pages", { query: 'x" OR type = blogpost --' })).data).toMatchObject({ n: 0 });
  });

  it("passes doctor", async () => {
    const checks = await company.connection.check(patience());

    expect(checks.map(({ state }) => state)).toEqual(["ok", "ok"]);
    expect(checks[0]?.message).toMatch(/^Firstmate reads 4 spaces at /);
  });

  it("answers in the shapes that confluence.js describes, and refuses whoever has no token", async () => {
    const auth = {
      type: "basic" as const,
      email: company.host.settings.CONFLUENCE_EMAIL ?? "",
      apiToken: company.host.settings.CONFLUENCE_TOKEN ?? "",
    };
    const address = company.host.settings.CONFLUENCE_URL ?? "";
    const v1 = createV1Client({ host: address, auth });
    const v2 = createV2Client({ host: address, auth });

    expect((await v1.search.searchByCQL({ cql: "type = page", limit: 3 })).results.length).toBe(3);
    expect((await v2.page.getPages({ limit: 3 })).results?.length).toBe(3);
    expect((await v2.space.getSpaces({ limit: 3 })).results?.length).toBe(3);
    expect((await fetch(`${address}/wiki/api/v2/pages`)).status).toBe(401);
    const bad = await fetch(`${address}/wiki/rest/api/search?cql=${encodeURIComponent("type ? page")}`, {
      headers: { authorization: `Basic ${Buffer.from(`${auth.email}:${auth.apiToken}`).toString("base64")}` },
    });
    expect(bad.status).toBe(400);
  });
});

describe("a Confluence that fails", () => {
  it.each<[Fault, RegExp]>([
    ["limited", /limits how often/],
    ["failing", /failed \(500\)/],
    ["truncated", /could not be reached|cannot be read/],
    ["drifted", /unexpected shape/],
    ["revoked", /CONFLUENCE_TOKEN/],
  ])("%s is told in words", async (fault, words) => {
    const fresh = await company.connect();
    const asked = company.during(fault, () => ask("search_pages", { query: "gate" }, fresh));

    const outcome = await asked.catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(VendorError);
    expect((outcome as VendorError).message).toMatch(words);
  });

  it("leaves what was known before, labelled with its age", async () => {
    const fresh = await company.connect();
    const read = () => ask("read_page", { page: "Guide: being on call" }, fresh);
    const before = await read();
    const after = await company.later(20 * 60_000, () => company.during("failing", read));

    expect(after.data).toEqual(before.data);
    expect(after.receipts[0]).toMatchObject({ status: "demo", notes: [expect.stringContaining("20 min old")] });
    expect(after.content).toContain("20 min old");
  });
});

/** Definitions first; the connection of a suite is made when its tests run. */
const definitions = connectConfluence(
  { CONFLUENCE_URL: "http://127.0.0.1:9", CONFLUENCE_EMAIL: "bot@acme.example", CONFLUENCE_TOKEN: "token" },
  { now: () => NOW },
);
for (const [name, good, bad] of [
  [
    "search_pages",
    [
      { name: "by words", input: { query: "live video" } },
      { name: "the latest", input: {} },
      { name: "none", input: { query: "polar bears" } },
    ],
    [
      { name: "a space that is none", input: { space: "Runboks" }, says: /Did you mean “Runbooks”/ },
      { name: "words without a word", input: { query: "?!" }, says: /no word to look for/ },
    ],
  ],
  [
    "read_page",
    [
      { name: "by words", input: { page: "late events" } },
      { name: "by link", input: { page: `https://wiki.example/wiki/spaces/X/pages/${world.pages()[0]?.id}/Y` } },
    ],
    [
      { name: "a page that is none", input: { page: "polar bears" }, says: /no wiki page “polar bears”/ },
      { name: "an id that is none", input: { page: "99" }, says: /no wiki page “99”/ },
      { name: "a part it does not have", input: { page: "Guide: being on call", part: 9 }, says: /no part 9/ },
    ],
  ],
] as const) {
  const tool = toolOf(definitions, name);
  const live = { ...tool, run: (input: never, context: never) => toolOf(company.connection, name).run(input, context) } as typeof tool;
  testTool(live, { start: async () => ({ context: contextOf(company.connection) }), good, bad, reads: false });
}

/** Errors of a person's making stay theirs. */
it("tells a person from a vendor's failure", async () => {
  await expect(ask("read_page", { page: "polar bears" })).rejects.toBeInstanceOf(UserError);
});
