import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessions } from "../../../src/records/sessions.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { type Served, serve } from "../../kit/app.ts";
import { launchBrowser } from "../../kit/browser.ts";

const browser: Browser | null = await launchBrowser();
afterAll(() => browser?.close());

describe.skipIf(browser === null)("signing in to the console", () => {
  let app: Served;
  let database: Database;

  beforeAll(async () => {
    // In production nobody is let in for being on this machine.
    app = await serve({ args: [], env: { NODE_ENV: "production" } });
    database = await openDatabase(`sqlite:${app.dataDir}/firstmate.db`);
  });
  afterAll(async () => {
    await database.close();
    await app.stop();
  });

  async function follow(link: string): Promise<Page> {
    if (!browser) throw new Error("no browser");
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${app.url}/sign-in#${link}`);
    return page;
  }
  const newLink = async () =>
    (await createSessions(database, () => new Date()).createLink({ user: "slack:T1:U1", name: "Ada Lovelace" })).secret;

  it("needs a press, opens the console, leaves no trace of the link, and ends with signing out", async () => {
    const link = await newLink();
    const page = await follow(link);
    expect(page.url()).toBe(`${app.url}/sign-in`);

    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${app.url}/`);
    const out = page.getByRole("button", { name: "Sign out Ada Lovelace" });
    await out.waitFor();
    expect(await page.evaluate("document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toMatch(/fm[lc]_/);
    expect(await page.evaluate('fetch("/api/v1/auth/me").then((r) => r.json()).then((r) => r.data.id)')).toBe("slack:T1:U1");

    await out.click();
    await page.getByRole("heading", { name: "This console needs a key" }).waitFor();
    expect(await page.evaluate('fetch("/api/v1/auth/me").then((r) => r.status)')).toBe(401);
    await page.context().close();
  });

  it("says what to do when the link was used", async () => {
    const link = await newLink();
    await createSessions(database, () => new Date()).openByLink(link, "cookie");
    const page = await follow(link);

    await page.getByRole("button", { name: "Sign in" }).click();

    await page.getByText("This link was used, or is older than ten minutes.").waitFor();
    await page.context().close();
  });
});
