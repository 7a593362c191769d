import { afterAll, beforeAll, expect, it } from "vitest";
import { remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { type FakeSmtp, startFakeSmtp } from "../kit/smtp/index.ts";

/** The real program with the simulated company and a mail server: from a request to the mail in a person's hand. */

const PATIENCE = { timeout: 80_000, interval: 200 };
let smtp: FakeSmtp;
let dataDir: string;
let app: Served;
let analyst: { authorization: string };

beforeAll(async () => {
  smtp = await startFakeSmtp({ login: { user: "bot@example.com", pass: "only-for-tests" } });
  dataDir = await temporaryFolder();
  const env = { SMTP_URL: smtp.url, MAIL_FROM: "Firstmate <bot@example.com>", MAIL_ALLOWED: "example.com" };
  app = await serve({ env, dataDir });
  analyst = { authorization: `Bearer ${await app.key("analyst")}` };
}, 60_000);

afterAll(async () => {
  await app.stop();
  await smtp.close();
  await remove(dataDir);
});

const digests = (path: string, body?: object) => app.post(`/api/v1/digests${path}`, body, analyst);

it("is mailed once, with its chart and tables, to an address that is allowed", async () => {
  const refused = await digests("", { words: "ai-usage mondays 09:00 Europe/Berlin to eve@evil.example" });
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining("Mail may not go to eve@evil.example: MAIL_ALLOWED has example.com."),
  ]);
  const { status, json } = await digests("", { words: "ai-usage mondays 09:00 Europe/Berlin to Finance@example.com" });
  expect([status, json.data.conversation]).toEqual([201, "email:finance@example.com"]);

  await digests(`/${json.data.id}/run`);
  await expect.poll(() => app.log().filter(({ msg }) => msg === "post"), PATIENCE).toHaveLength(1);
  expect(smtp.mails).toHaveLength(1);
  const [mail] = smtp.mails;
  expect(mail?.headers.get("subject")).toMatch(/^AI usage, /);
  expect(mail?.html).toMatch(/<table role="table"/);
  expect([...(mail?.inline.values() ?? [])].every((png) => png.subarray(1, 4).toString() === "PNG")).toBe(true);
  expect(mail?.text).toContain("Where the figures come from:");
  expect(smtp.violations).toEqual([]);
  expect(app.log().filter(({ msg }) => msg === "fault")).toEqual([]);
  expect(JSON.stringify(app.log())).not.toContain("only-for-tests");
}, 120_000);
