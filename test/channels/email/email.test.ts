import { afterEach, describe, expect, test } from "vitest";
import { readPlace, readSender } from "../../../src/channels/email/address.ts";
import { createEmailChannel } from "../../../src/channels/email/index.ts";
import { emailSettings, mailPlan } from "../../../src/channels/email/settings.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { ConfigError } from "../../../src/errors.ts";
import { type FakeSmtp, type SmtpFault, startFakeSmtp } from "../../kit/smtp/index.ts";

const NOW = new Date("2026-11-20T08:00:00Z");
const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const TO = "email:finance@example.com";
const DIGEST: Reply = {
  text: "**Cloud cost, Thursday 19 November: $3,456.10**, **+24%** against $2,790 as usual\n- Up: **Amazon EC2 +$512.00** (café deploy before it)\n- Largest: S3",
  blocks: [
    {
      type: "table",
      title: "By service",
      columns: [
        { label: "service", type: "text" },
        { label: "cost", type: "money", unit: "USD" },
      ],
      rows: [
        ["Amazon EC2", 1_912.4],
        ["<b>AWS & more</b>", null],
      ],
    },
    { type: "chart", title: "EC2 leads", spec: {}, alt: "Amazon EC2 rose by $512 on 19 November." },
  ],
  receipts: [{ id: "r1", source: "AWS Cost Explorer", query: "cost by service", fetchedAt: NOW, status: "demo" }],
  suggestions: ["Why did EC2 change?"],
  final: true,
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function world(
  options: Parameters<typeof startFakeSmtp>[0] & { url?: string; from?: string; limits?: { stepMs: number; wholeMs: number } } = {},
) {
  const smtp: FakeSmtp = await startFakeSmtp(options);
  open.push(smtp);
  const places = new Map<string, object>();
  const faults: unknown[] = [];
  const process = () =>
    createEmailChannel(
      {
        SMTP_URL: options.url ?? smtp.url,
        MAIL_FROM: options.from ?? "Firstmate <bot@example.com>",
        MAIL_ALLOWED: "example.com, cfo@example.org",
      },
      {
        renderPng: async () => PNG,
        keepPlace: async (name, reference) => void places.set(name, reference),
        placeOf: async (name) => places.get(name) ?? null,
        now: () => NOW,
        onFault: (error) => void faults.push(error),
      },
      options.limits,
    );
  return { smtp, places, faults, process, channel: process() };
}

describe("a digest by mail", () => {
  test("has the point in its subject, its table and picture in the HTML, and all of it as plain text", async () => {
    const { smtp, channel, faults } = await world();

    const delivery = await channel.send(TO, DIGEST, "digest:1");

    expect(delivery).toMatchObject({ state: "sent" });
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual(["finance@example.com"]);
    expect(mail?.headers.get("subject")).toBe("Cloud cost, Thursday 19 November: $3,456.10, +24% against $2,790 as usual");
    expect(mail?.headers.get("from")).toBe("Firstmate <bot@example.com>");
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.html).toContain("<b>Amazon EC2 +$512.00</b> (café deploy before it)");
    expect(mail?.html).toContain("&lt;b&gt;AWS &amp; more&lt;/b&gt;");
    const cid = /src="cid:([^"]+)"/.exec(mail?.html ?? "")?.[1] ?? "";
    expect(mail?.inline.get(cid)).toEqual(PNG);
    expect(mail?.html).toContain('alt="Amazon EC2 rose by $512 on 19 November."');
    for (const part of [
      "Amazon EC2 | $1,912.40",
      "<b>AWS & more</b> | –",
      "Chart: Amazon EC2 rose",
      "AWS Cost Explorer: cost by service (demo",
    ])
      expect(mail?.text).toContain(part);
    expect(smtp.violations).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("goes through with a login", async () => {
    const { smtp, channel } = await world({ login: { user: "bot@example.com", pass: "p@ss:wörd" } });

    expect(await channel.send(TO, DIGEST, "digest:1")).toMatchObject({ state: "sent" });
    expect(smtp.mails).toHaveLength(1);
  });

  test("has an id made of its slot, and what follows it is in its thread", async () => {
    const { smtp, channel } = await world();

    const first = await channel.send(TO, DIGEST, "alert:1");
    const thread = first.state === "sent" ? (first.thread ?? "") : "";
    await channel.send(thread, { text: "**Recovered**", final: true }, "alert:1:over");

    const [one, two] = smtp.mails;
    expect(one?.headers.get("message-id")).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(two?.headers.get("in-reply-to")).toBe(one?.headers.get("message-id"));
    expect(two?.headers.get("references")).toBe(one?.headers.get("message-id"));
    expect(two?.to).toEqual(["finance@example.com"]);
  });

  test("without a picture that cannot be drawn says what it shows", async () => {
    const smtp = await startFakeSmtp();
    open.push(smtp);
    const channel = createEmailChannel(
      { SMTP_URL: smtp.url, MAIL_FROM: "bot@example.com", MAIL_ALLOWED: "example.com" },
      {
        renderPng: () => Promise.reject(new Error("no fonts")),
        keepPlace: async () => {},
        placeOf: async () => null,
        now: () => NOW,
        onFault: () => {},
      },
    );

    await channel.send(TO, DIGEST, "digest:1");

    expect(smtp.mails[0]?.html).toContain("Amazon EC2 rose by $512 on 19 November.");
    expect(smtp.mails[0]?.html).not.toContain("<img");
  });
});

describe("a mail is sent once", () => {
  test.each<{ fault: SmtpFault; first: object; taken: number }>([
    { fault: "421 at greeting", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "drop at greeting", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "451 at sender", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "450 at recipient", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "drop at recipient", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "452 at data", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "451 after the dot", first: { state: "refused", retryAfterMs: expect.any(Number) }, taken: 1 },
    { fault: "drop within the mail", first: { state: "ambiguous" }, taken: 0 },
    { fault: "drop at the dot", first: { state: "ambiguous" }, taken: 0 },
    { fault: "taken, then drop", first: { state: "ambiguous" }, taken: 1 },
    { fault: "taken, then silence", first: { state: "ambiguous" }, taken: 1 },
  ])("when the server answers “$fault” and it is tried again", async ({ fault, first, taken }) => {
    const { smtp, channel, process } = await world({ limits: { stepMs: 300, wholeMs: 600 } });
    smtp.fail(fault);

    expect(await channel.send(TO, DIGEST, "digest:1")).toMatchObject(first);
    await channel.send(TO, DIGEST, "digest:1");
    await process().send(TO, DIGEST, "digest:1");

    expect(smtp.mails).toHaveLength(taken);
    expect(smtp.violations).toEqual([]);
  });

  test.each<SmtpFault>(["550 at recipient", "554 after the dot"])("or never, when the server says no for good (%s)", async (fault) => {
    const { smtp, channel } = await world();
    smtp.fail(fault);

    const delivery = await channel.send(TO, DIGEST, "digest:1");

    expect(delivery).toEqual({ state: "refused", reason: expect.stringContaining("the mail server refused it (“55") });
    expect(smtp.mails).toEqual([]);
  });

  test("when what was tried cannot be written down: then it does not go out", async () => {
    const smtp = await startFakeSmtp();
    open.push(smtp);
    let broken = true;
    const channel = createEmailChannel(
      { SMTP_URL: smtp.url, MAIL_FROM: "bot@example.com", MAIL_ALLOWED: "example.com" },
      {
        renderPng: async () => PNG,
        keepPlace: async () => {
          if (broken) throw new Error("the database is away");
        },
        placeOf: async () => null,
        now: () => NOW,
        onFault: () => {},
      },
    );

    expect(await channel.send(TO, DIGEST, "digest:1")).toMatchObject({ state: "refused", retryAfterMs: expect.any(Number) });
    expect(smtp.mails).toEqual([]);
    broken = false;
    expect(await channel.send(TO, DIGEST, "digest:1")).toMatchObject({ state: "sent" });
    expect(smtp.mails).toHaveLength(1);
  });

  test("also by a process that was started while the first was sending", async () => {
    const { smtp, channel, process, places } = await world({ limits: { stepMs: 300, wholeMs: 600 } });
    smtp.fail("taken, then silence");
    const sending = channel.send(TO, DIGEST, "digest:1");
    await expect.poll(() => smtp.mails.length).toBe(1);

    expect(await process().send(TO, DIGEST, "digest:1")).toMatchObject({ state: "ambiguous" });
    await sending;

    expect(smtp.mails).toHaveLength(1);
    expect([...places.values()]).toEqual([{ state: "ambiguous", reason: expect.any(String) }]);
  });

  test("a login that is refused is tried later, and doctor says what to do", async () => {
    const { smtp, channel } = await world({ login: { user: "bot", pass: "right-one" } });
    smtp.fail("535 at login", "535 at login");

    expect(await channel.send(TO, DIGEST, "digest:1")).toMatchObject({ state: "refused", retryAfterMs: expect.any(Number) });
    expect(await channel.check()).toMatchObject({ state: "failed", fix: "Check user and password in SMTP_URL." });
    expect(await channel.check()).toMatchObject({
      state: "ok",
      message: "127.0.0.1 takes our mail; it goes to example.com, cfo@example.org alone",
    });
  });

  test("a server that is not there is no fault of ours", async () => {
    const { smtp, channel, faults } = await world();
    await smtp.close();
    open.splice(0);

    expect(await channel.send(TO, DIGEST, "digest:1")).toEqual({
      state: "refused",
      reason: "the mail server does not answer",
      retryAfterMs: expect.any(Number),
    });
    expect(faults).toEqual([]);
  });
});

describe("nobody else is written to", () => {
  test.each([
    "email:ada@evil.example",
    "email:ada@example.com.evil.example",
    "email:ada@sub.example.com",
    "email:someone@example.org",
    "email:ada@example.com\r\nBcc: eve@evil.example",
    "email:ada@example.com,eve@evil.example",
    'email:"ada eve"@example.com',
    "email:ada@example.com>",
    "email:",
  ])("than MAIL_ALLOWED says: %j", async (conversation) => {
    const { smtp, channel } = await world();

    expect(await channel.send(conversation, DIGEST, "digest:1")).toMatchObject({ state: "refused" });
    expect(smtp.connections()).toBe(0);
  });

  test("an address by itself may be allowed", async () => {
    const { smtp, channel } = await world();

    expect(await channel.send("email:CFO@example.org", DIGEST, "digest:1")).toMatchObject({ state: "sent" });
    expect(smtp.mails[0]?.to).toEqual(["CFO@example.org"]);
  });

  test.each([
    "**Cost\r\nBcc: eve@evil.example\r\n\r\nhello**",
    "**Cost\u2028Bcc: eve@evil.example**",
    "**=?UTF-8?Q?=0D=0ABcc:_eve@evil.example?=**",
  ])("whatever a heading holds: %j", async (text) => {
    const { smtp, channel } = await world();

    await channel.send(TO, { text, final: true }, "digest:1");

    expect(smtp.mails[0]?.to).toEqual(["finance@example.com"]);
    expect(smtp.mails[0]?.headers.has("bcc")).toBe(false);
    expect(smtp.violations).toEqual([]);
  });

  test("a line of a dot alone is part of the mail", async () => {
    const { smtp, channel } = await world();

    await channel.send(TO, { text: "**One**\n.\nRCPT TO:<eve@evil.example>\n..\nlast", final: true }, "digest:1");

    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]?.text).toContain("One\n.\nRCPT TO:<eve@evil.example>\n..\nlast");
    expect(smtp.violations).toEqual([]);
  });
});

describe("settings of mail", () => {
  test("are refused by halves", () => {
    expect(() => mailPlan({ SMTP_URL: "smtp://mail.example.com", MAIL_FROM: "bot@example.com" })).toThrow(
      new ConfigError(["E-mail is half set up: MAIL_ALLOWED is missing. Set all three, or none."]),
    );
  });

  test.each([
    ["smtp://bot:pw@mail.example.com", { port: 587, secure: false, requireTls: true }],
    ["smtps://bot:pw@mail.example.com", { port: 465, secure: true, requireTls: false }],
    ["smtp://relay.example.com:25", { port: 25, secure: false, requireTls: false }],
    ["smtp://bot:pw@127.0.0.1:1025", { port: 1025, secure: false, requireTls: false }],
  ])("send a password over TLS alone, but on this machine: %s", (SMTP_URL, expected) => {
    expect(mailPlan({ SMTP_URL, MAIL_FROM: "bot@example.com", MAIL_ALLOWED: "example.com" }).server).toMatchObject(expected);
  });

  test("a server without TLS is not given the password", async () => {
    const { smtp } = await world({ login: { user: "bot", pass: "secret-word" } });
    const { port } = new URL(smtp.url);
    const plan = mailPlan({
      SMTP_URL: `smtp://bot:secret-word@mail.example.com:${port}`,
      MAIL_FROM: "bot@example.com",
      MAIL_ALLOWED: "example.com",
    });
    const { deliver } = await import("../../../src/channels/email/smtp.ts");

    const delivery = await deliver(
      { ...plan.server, host: "127.0.0.1" },
      { from: "bot@example.com", to: "finance@example.com", raw: Buffer.from("Subject: x\r\n\r\nx") },
      async () => {},
      { stepMs: 1_000, wholeMs: 2_000 },
    );

    expect(delivery).toMatchObject({ state: "refused" });
    expect(smtp.mails).toEqual([]);
    expect(smtp.violations.join()).not.toContain("AUTH");
  });

  test.each([
    [{ SMTP_URL: "https://mail.example.com" }],
    [{ SMTP_URL: "smtp://" }],
    [{ MAIL_FROM: "Firstmate" }],
    [{ MAIL_FROM: "Firstmate <bot@example.com>\r\nBcc: eve@evil.example" }],
    [{ MAIL_ALLOWED: "*" }],
    [{ MAIL_ALLOWED: "example" }],
    [{ MAIL_ALLOWED: " , " }],
  ])("that make no sense are refused: %j", (values) => {
    expect(emailSettings.safeParse(values).success).toBe(false);
  });

  test("a sender has a name or none", () => {
    expect(readSender('"Firstmate, the bot" <bot@example.com>')).toEqual({ name: "Firstmate, the bot", address: "bot@example.com" });
    expect(readSender("bot@example.com")).toEqual({ name: "", address: "bot@example.com" });
    expect(readPlace("email:a@example.com;re=0f")).toEqual({ address: "a@example.com", before: "0f" });
  });
});
