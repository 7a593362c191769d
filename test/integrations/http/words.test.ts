import { describe, expect, it } from "vitest";
import { z } from "zod";
import { explainError, UserError, VendorError } from "../../../src/errors.ts";
import { span } from "../../../src/integrations/http/words.ts";
import { readPages } from "../../../src/integrations/http.ts";
import { type Answer, failures } from "../../kit/vendor-server.ts";
import { failureOf, patience, startWorld } from "./world.ts";

const anything = z.unknown();
const list = { path: "things", operation: "list things" };

async function errorFor(how: Answer, schema: z.ZodType = anything): Promise<VendorError> {
  const { http } = await startWorld({ "GET /things": how }, { permissions: "read:things" });
  return (await failureOf(http.json(list, schema, patience()))) as VendorError;
}

describe("what a person is told", () => {
  it.each<[string, Answer, string, number | undefined]>([
    ["401", failures.unauthorized(), "Acme did not accept the credentials. Check ACME_TOKEN.", 401],
    ["403", failures.forbidden, "Acme does not allow this. Check what ACME_TOKEN may do: it needs read:things.", 403],
    ["404", failures.notFound, "Acme does not have this, or ACME_TOKEN may not see it.", 404],
    ["429", failures.tooMany("61"), "Acme limits how often it may be asked. Try again in 61 s.", 429],
    ["422", { status: 422, json: {} }, "Acme did not accept the request (422).", 422],
    ["500", failures.serverError, "Acme failed (500). Try again in a few minutes; if it stays, look at its status page.", 500],
    ["a lost connection", failures.reset, "Acme could not be reached (ECONNRESET). Check ACME_URL and the network.", undefined],
    ["no JSON", failures.garbage, "Acme answered with something that cannot be read. Check ACME_URL and the network.", undefined],
    ["a web page", { body: "<html>Log in" }, "Acme answered with a web page instead of data. Check ACME_URL and the network.", undefined],
  ])("names what to do (%s)", async (_, how, message, status) => {
    const error = await errorFor(how);

    expect(error).toBeInstanceOf(VendorError);
    expect(error).toMatchObject({ message, status, vendor: "Acme" });
  });

  it("says which fields the vendor refused", async () => {
    const json = { errorMessages: [], errors: { priority: "Priority is required.", team: "Team is required." } };

    expect((await errorFor({ status: 400, json })).detail).toBe("priority: Priority is required.; team: Team is required.");
  });

  it("names where the answer has another shape, and what stood there", async () => {
    const schema = z.object({ items: z.array(z.object({ name: z.string() })) });
    const error = await errorFor({ json: { items: [{ name: "a" }, { name: 12 }] } }, schema);

    expect(error.message).toBe(
      "Acme answered in an unexpected shape at items[1].name (expected string, received number). It may have changed its API.",
    );
    expect(error.detail).toBe("12");
    expect((await errorFor({ json: 3 }, schema)).message).toContain("at the top");
  });

  it.each([
    ["JSON", { status: 400, json: { error: { message: "no such field" } } }],
    ["a list of errors", { status: 400, json: { errors: [{ message: "no such field" }] } }],
    ["a page", { status: 400, body: "<html><style>x{}</style><b>no such</b> field</html>" }],
    ["plain text", { status: 400, body: "no such\r\n\u0007field" }],
  ])("has the vendor's words as one short line (%s)", async (_, how) => {
    expect((await errorFor(how)).detail).toBe("no such field");
  });

  it("is cut, whatever the vendor says", async () => {
    const error = await errorFor({ status: 400, body: `\u001b[31m${"very ".repeat(500)}<script>alert(1)</script>` });

    expect(error.detail.length).toBeLessThanOrEqual(200);
    expect(explainError(error)).not.toMatch(/[\p{Cc}<>]/u);
  });

  it("has no credential in it, in whatever form the vendor sends it back", async () => {
    const basic = `Basic ${Buffer.from("me@acme.test:acme-secret-token-2").toString("base64")}`;
    const secrets = ["acme-secret-token-1", basic.slice(6), "acme-secret-token-2", "acme-secret-token-3"];
    const headers = { authorization: basic, "x-api-key": "acme-secret-token-3", "private-token": "acme-secret-token-1" };
    const { http } = await startWorld({ "GET /things": { status: 401, json: { message: `bad: ${secrets.join(" ")}` } } }, { headers });

    const error = await failureOf(http.json(list, anything, patience()));

    expect((error as VendorError).detail).toMatch(/^bad: /);
    for (const secret of secrets) expect(JSON.stringify([error, error.message, error.cause, explainError(error)])).not.toContain(secret);
  });

  it("is what GraphQL says, also beside partial data", async () => {
    const { http, server } = await startWorld({ "POST /": { json: { data: { a: 1 }, errors: [{ message: "no field b" }] } } });
    const ask = () => http.graphql({ query: "{ a b }", variables: { x: 1 }, operation: "things" }, z.object({ a: z.number() }), patience());

    const error = await failureOf(ask());
    expect(error.message).toBe("Acme did not answer the query. Check what ACME_TOKEN may do.");
    expect(error).toMatchObject({ detail: "no field b" });
    expect(server.requests[0]?.body).toEqual({ query: "{ a b }", variables: { x: 1 } });

    server.serve({ "POST /": { json: { data: { a: 1 } } } });
    expect(await ask()).toEqual({ a: 1 });
    server.serve({ "POST /": { json: [] } });
    await expect(ask()).rejects.toThrow("unexpected shape");
  });

  it("leaves our own errors, aborts and bugs as they are", async () => {
    const { http } = await startWorld();
    const known = [
      new UserError("Ask otherwise."),
      new VendorError("Acme", "It failed."),
      AbortSignal.abort().reason,
      new TypeError("a bug"),
      "text",
    ];

    for (const error of known) expect(http.explain(error)).toBe(error);
    expect(http.explain(new Error("wrapped", { cause: known[1] }))).toBe(known[1]);
  });

  it("says how long in words", () => {
    expect([-5, 0, 900, 60_000, 119_001, 18 * 60_000, 3 * 3_600_000, 3.1 * 3_600_000, 5 * 86_400_000].map(span)).toEqual([
      "0 s",
      "0 s",
      "1 s",
      "60 s",
      "2 min",
      "18 min",
      "3 h",
      "3 h 6 min",
      "5 days",
    ]);
  });
});

describe("requests", () => {
  it("carry the query, the body and the headers, and are reported without them", async () => {
    const { http, server, calls } = await startWorld({ "PUT /things": { json: 1 }, "GET /things/AB-12/parts": { json: 1 } });
    const query = { a: "1 2", b: ["x", "y"], c: undefined, d: false };

    await http.json({ ...list, method: "PUT", query, body: { n: 1 }, headers: { "x-more": "1" } }, anything, patience());
    await http.fetch(new Request(`${server.url}/things/AB-12/parts?token=secret`));

    expect(server.requests[0]).toMatchObject({
      raw: '{"n":1}',
      headers: { "x-more": "1", "content-type": "application/json", accept: "application/json" },
    });
    expect([...(server.requests[0]?.query ?? [])].join("&")).toBe("a,1 2&b,x&b,y&d,false");
    expect(server.requests[0]?.headers["user-agent"]).toBe("firstmate");
    expect(calls).toEqual([
      { vendor: "Acme", operation: "list things", outcome: "ok", status: 200, ms: 0, attempt: 1 },
      { vendor: "Acme", operation: "GET /things/:id/parts", outcome: "ok", status: 200, ms: 0, attempt: 1 },
    ]);
  });

  it("end with the reason of the turn that aborts them", async () => {
    const { http, server } = await startWorld({ "GET /things": failures.silent });
    const turn = new AbortController();
    const asked = failureOf(http.json(list, anything, turn.signal));
    await expect.poll(() => server.requests.length).toBe(1);

    turn.abort(new Error("the turn is over"));

    expect(await asked).toMatchObject({ message: "the turn is over" });
  });

  it("give undefined for an answer without a body", async () => {
    const { http } = await startWorld({ "GET /things": { status: 204 } });

    expect(await http.json(list, z.undefined(), patience())).toBeUndefined();
  });
});

describe("pages", () => {
  const page = (next?: string) => ({ items: [1, 2], next });

  it("are read to the last", async () => {
    const read = await readPages(async (cursor) => page(cursor === undefined ? "b" : cursor === "b" ? "c" : undefined), {
      pages: 9,
      what: "things",
    });

    expect(read).toEqual({ items: [1, 2, 1, 2, 1, 2] });
  });

  it("without an end are read to the limit, and that is said", async () => {
    let n = 0;
    const endless = await readPages(async () => page(String(n++)), { pages: 5, what: "things" });
    const loop = await readPages(async () => page("again"), { pages: 50, what: "things" });

    expect(endless).toMatchObject({ truncated: "the first 10 things of more" });
    expect(n).toBe(5);
    expect(loop).toEqual({ items: [1, 2, 1, 2], truncated: "the source gave the same page again after 4 things" });
  });

  it("of which one fails are no answer", async () => {
    const broken = async (cursor?: string) => (cursor ? Promise.reject(new Error("no")) : page("b"));

    await expect(readPages(broken, { pages: 9, what: "things" })).rejects.toThrow("no");
  });
});
