import { describe, expect, test } from "vitest";
import { VendorError } from "../../src/errors.ts";
import { createRedactor } from "../../src/telemetry/redact.ts";
import { fc } from "../kit/property.ts";

const KNOWN = "correct horse battery";
const redact = createRedactor([KNOWN, "short", "", "p@ss/w0rd"]);
const text = (value: unknown) => JSON.stringify(redact(value));

/** Shapes of real vendors' keys, put together so that this file holds none. */
const SHAPES: readonly (readonly [what: string, secret: string])[] = [
  ["our own key", `fm_${"a1B2".repeat(6)}`],
  ["an Anthropic key", `sk-ant-${"x9".repeat(12)}`],
  ["a key that begins with sk-", `sk-${"q7".repeat(12)}`],
  ["a Slack bot token", `xoxb-${"1".repeat(11)}-abcdEFGH`],
  ["a Slack app token", `xapp-1-A${"0".repeat(10)}`],
  ["a GitHub token", `ghp_${"a".repeat(36)}`],
  ["a fine-grained GitHub token", `github_pat_${"b".repeat(40)}`],
  ["an Atlassian token", `ATATT${"c".repeat(24)}=1A`],
  ["an AWS access key id", `AKIA${"Z".repeat(16)}`],
  ["a New Relic key", `NRAK-${"D".repeat(24)}`],
  ["a Dynatrace token", `dt0c01.${"E".repeat(24)}.${"F".repeat(64)}`],
  ["a JWT", `eyJ${"h".repeat(20)}.${"p".repeat(30)}.${"s".repeat(43)}`],
];

describe("a secret is hidden", () => {
  test.each(SHAPES)("by its shape: %s", (_, secret) => {
    for (const value of [secret, `before ${secret} after`, { note: secret }, [[{ deep: `key=${secret};` }]], new Error(secret)]) {
      expect(text(value)).not.toContain(secret);
      expect(text(value)).toContain("[redacted]");
    }
  });

  test.each([
    "authorization",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "password",
    "db_password",
    "dbPassword",
    "passphrase",
    "secret",
    "clientSecret",
    "client_secret",
    "SLACK_SIGNING_SECRET",
    "token",
    "accessToken",
    "access_token",
    "SLACK_BOT_TOKEN",
    "tokens",
    "refreshTokens",
    "apiKey",
    "api_key",
    "x-api-key",
    "apiKeys",
    "secretAccessKey",
    "private_key",
    "credentials",
    "sessionId",
    "jwt",
  ])("by the name of its field: %s", (name) => {
    for (const value of ["plain-looking value", 12.5, { nested: "plain-looking value" }, ["plain-looking value"]]) {
      const line = text({ outer: { [name]: value } });

      expect(line).not.toContain("plain-looking value");
      if (!(typeof value === "number" && /tokens?$/i.test(name))) expect(line).toContain(`"${name}":"[redacted]"`);
    }
  });

  test("by being the value of a secret setting, wherever it stands", () => {
    const values = [
      KNOWN,
      `x${KNOWN}y`,
      { a: { b: [KNOWN] } },
      { [KNOWN]: 1 },
      new Map([[KNOWN, KNOWN]]),
      new Set([KNOWN]),
      new Error(KNOWN),
    ];

    for (const value of values) {
      expect(text(value)).not.toContain(KNOWN);
      expect(text(value)).toContain("[redacted]");
    }
    expect(text("the password is p@ss/w0rd!")).not.toContain("w0rd");
  });

  test("in an address, keeping the rest of it", () => {
    expect(redact("at postgres://app:hunter2secret@db.example.com/x")).toBe("at postgres://app:[redacted]@db.example.com/x");
    expect(redact("redis://:hunter2secret@cache")).toBe("redis://:[redacted]@cache");
    expect(redact("postgres://app:pa@ss@db/x")).toBe("postgres://app:[redacted]@db/x");
    expect(text({ url: new URL("https://me:hunter2secret@example.com/") })).not.toContain("hunter2secret");
  });

  test("in a header's value and in a private key, finished or cut off", () => {
    const key = `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMIIEabc\nxyz`;

    expect(redact("sent Authorization: Bearer abcdefgh12345678")).toBe("sent Authorization: Bearer [redacted]");
    expect(redact(`${key}\n-----END RSA PRIVATE KEY----- done`)).toBe("[redacted] done");
    expect(text(`cut ${key}`)).not.toContain("MIIE");
  });

  test("when the limit of a text falls into it", () => {
    for (const secret of [KNOWN, SHAPES[1]?.[1] ?? ""])
      for (let before = 7_970; before <= 8_000; before++)
        expect(redact(`${"-".repeat(before)}${secret}${"-".repeat(50)}`)).not.toContain(secret.slice(0, 8));
  });

  test("anywhere in any object", () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom("a", "note", "list"), values: [fc.constantFrom(KNOWN, 1, "fine")], maxDepth: 5 }),
        (value) => {
          expect(text(value)).not.toContain(KNOWN);
        },
      ),
    );
  });
});

describe("an error", () => {
  test("keeps what it says and what hangs on it, without secrets", () => {
    const cause = new VendorError("github", "GitHub did not answer.", { status: 502, detail: `token ${KNOWN}` });
    const error = Object.assign(new Error("outer", { cause }), { code: "EFAIL", headers: { authorization: "abc" } });

    const seen = redact<unknown>({ error }) as { error: Record<string, unknown> };

    expect(seen.error).toMatchObject({
      name: "Error",
      message: "outer",
      code: "EFAIL",
      headers: { authorization: "[redacted]" },
      cause: { name: "VendorError", message: "GitHub did not answer.", status: 502, detail: "token [redacted]" },
    });
    expect(seen.error.stack).toContain("redact.test");
  });

  test("of several errors shows each", () => {
    const seen = redact<unknown>(new AggregateError([new Error("one"), new Error(KNOWN)], "both")) as { errors: unknown[] };

    expect(seen.errors).toMatchObject([{ message: "one" }, { message: "[redacted]" }]);
  });

  test("that is its own cause ends", () => {
    const error = new Error("round");
    error.cause = error;

    expect(redact<unknown>(error)).toMatchObject({ message: "round", cause: "[circular]" });
  });
});

describe("a value of any kind comes out", () => {
  test("a circle is named, a thing met twice is not one", () => {
    const shared = { name: "shared" };
    const round: Record<string, unknown> = { a: shared, b: shared };
    round.self = round;

    expect(redact(round)).toEqual({ a: { name: "shared" }, b: { name: "shared" }, self: "[circular]" });
  });

  test("depth is bounded", () => {
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), KNOWN);

    expect(text(deep).length).toBeLessThan(200);
    expect(text(deep)).toContain("[deep]");
  });

  test("size is bounded: of a text, of a list and of all together", () => {
    const wide = (depth: number): unknown => (depth === 0 ? "x" : Array.from({ length: 150 }, () => wide(depth - 1)));

    expect(redact("y".repeat(50_000))).toBe(`${"y".repeat(8_000)}… (50000 characters)`);
    expect(redact(Array.from({ length: 5_000 }, (_, i) => i))).toHaveLength(200);
    expect(text(wide(3)).length).toBeLessThan(20_000);
  });

  test("counts of tokens stay figures", () => {
    const usage = { inputTokens: 10, output_tokens: 5, tokens: 15, maxTokens: 100, token: 3, tokensLeft: "many" };

    expect(redact(usage)).toEqual(usage);
  });

  test("what has no JSON becomes something that has, and a getter that throws is named", () => {
    const odd = {
      big: 12n,
      bytes: new Uint8Array(3),
      map: new Map<unknown, unknown>([[1, "one"]]),
      set: new Set(["a"]),
      date: new Date("2026-11-21T00:00:00Z"),
      nothing: undefined,
      none: null,
      get trap(): never {
        throw new Error("no");
      },
    };

    expect(redact<unknown>({ odd, fine: 1 })).toEqual({ odd: "[unreadable]", fine: 1 });
    const { trap: _, ...readable } = Object.getOwnPropertyDescriptors(odd);
    expect(JSON.parse(text(Object.defineProperties({}, readable)))).toEqual({
      big: "12",
      bytes: "[3 bytes]",
      map: { 1: "one" },
      set: ["a"],
      date: "2026-11-21T00:00:00.000Z",
      none: null,
    });
  });

  test("plain values are left as they are", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const harmless =
          JSON.stringify(value).length < 2_000 && !/token|secret|pass|key|cookie|auth|jwt|:\/\//i.test(JSON.stringify(value));

        if (harmless) expect(redact(value)).toEqual(value);
      }),
    );
  });

  test("a hostile text does not take long to read", () => {
    for (const hostile of ["a".repeat(100_000), "a:".repeat(50_000), "://a:".repeat(20_000), "eyJ".repeat(30_000), "sk-".repeat(30_000)])
      expect(redact(hostile).length).toBeLessThan(9_000);
  });
});
