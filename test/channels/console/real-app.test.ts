import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Served, serve } from "../../kit/app.ts";
import { launchBrowser } from "../../kit/browser.ts";
import { watch } from "./console-page.ts";

/** The console as a person meets it: a real browser, the real program, the simulated company. */
const browser: Browser | null = await launchBrowser();
afterAll(() => browser?.close());

/** Set to a folder to keep pictures of what was seen. */
const PICTURES = process.env.CONSOLE_PICTURES;

describe.skipIf(browser === null)("the console of the demo", () => {
  let app: Served;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  let foreign: string[];

  beforeAll(async () => {
    app = await serve();
  });
  afterAll(async () => {
    const { code } = await app.stop();
    expect(code).toBe(0);
    expect(app.log().filter(({ level }) => level !== "info")).toEqual([]);
  });

  beforeEach(async () => {
    complaints = [];
    foreign = [];
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
  });

  async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<void> {
    if (!browser) throw new Error("no browser");
    context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    watch(page, app.url, { complaints, foreign });
    page.on("requestfailed", (request) => {
      // Chromium reports many a stream that was read to its end as aborted; whether the answer came is seen in the page.
      if (!request.url().endsWith("/ask")) complaints.push(`${request.url()} ${request.failure()?.errorText}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.url()} ${response.status()}`);
    });
    await page.goto(app.url);
    await page.getByRole("list", { name: "Suggested questions" }).getByRole("button").first().waitFor();
  }

  const ready = () => page.getByRole("button", { name: "Send", exact: true }).waitFor();
  const turn = (at: number) => page.locator(".turn").nth(at);
  /** A property of the chart in a turn; text, for the names of a browser are no part of this program's types. */
  const chart = (at: number, property: string) =>
    page.evaluate(`document.querySelectorAll(".turn")[${at}]?.querySelector("figure img")?.${property}`);
  const drawn = (at: number) => expect.poll(() => chart(at, "naturalWidth"), { timeout: 15_000 }).toBeGreaterThanOrEqual(600);

  async function ask(question: string): Promise<void> {
    const box = page.getByRole("textbox", { name: "Your question" });
    await box.fill(question);
    await box.press("Enter");
    await ready();
  }

  async function picture(name: string): Promise<void> {
    if (PICTURES === undefined) return;
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    await page.screenshot({ path: join(PICTURES, `${name}-whole.png`), fullPage: true });
  }

  it("answers its first suggestion with words, chart, table and maths, and keeps all of it over a reload", {
    timeout: 150_000,
  }, async () => {
    await open();
    await page.getByRole("note").getByText("simulated company").waitFor();
    await picture("1-welcome");
    const first = page.getByRole("list", { name: "Suggested questions" }).getByRole("button").first();
    const question = (await first.textContent()) ?? "";

    await first.click();
    await turn(0).getByRole("heading", { name: question }).waitFor();
    // The first question of all looks at every source.
    await turn(0).locator(".prose strong", { hasText: "make up 80%" }).waitFor({ timeout: 60_000 });
    await ready();
    await drawn(0);
    expect((await turn(0).locator("figure img").getAttribute("alt"))?.length).toBeGreaterThan(20);
    expect(await turn(0).locator("tbody tr").count()).toBeGreaterThan(3);
    expect(await turn(0).locator("td.number").first().textContent()).toMatch(/^\$[\d,.]+$/);
    await turn(0).getByText("Answered without a language model.").waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#\/c\/.+/);
    await picture("2-answer");

    await turn(0).getByText("Show the maths").click();
    await turn(0)
      .getByText(/sum of cost .*by service/)
      .first()
      .waitFor();
    await turn(0).getByText("Demo", { exact: true }).first().waitFor();
    await picture("3-maths");

    await ask("and by region?");
    await turn(1).locator(".prose strong", { hasText: "regions make up 80%" }).waitFor();
    await drawn(1);
    await page.getByRole("complementary", { name: "Conversations" }).getByRole("link", { name: question }).waitFor();
    await picture("4-follow-up");

    await page.reload();
    await turn(1).locator(".prose strong", { hasText: "regions make up 80%" }).waitFor();
    await drawn(0);
    await ask("and by account?");
    await turn(2).locator(".prose strong", { hasText: "accounts" }).waitFor();
    expect(await page.title()).toContain(question);
  });

  it("draws time series, and is dark where that is wanted", async () => {
    await open({ colorScheme: "dark" });

    await ask("Show daily cost for the last 30 days");

    await drawn(0);
    expect(await chart(0, "currentSrc")).toContain("theme=dark");
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    const [red = 255, green = 255, blue = 255] = String(background).match(/\d+/g)?.map(Number) ?? [];
    expect(Math.max(red, green, blue)).toBeLessThan(64);
    await picture("5-dark");
  });

  it("fits a phone, tables and charts too", async () => {
    await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    await picture("6-phone-welcome");

    await ask("Which service increased the most month over month?");

    await drawn(0);
    expect(await chart(0, "naturalWidth")).toBe(1120);
    const sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(sideways)).toBe(0);
    await picture("7-phone");
  });

  it("says what it cannot look up, and offers what it can", async () => {
    await open();

    await ask("What is the airspeed of an unladen swallow?");
    const suggestion = turn(0)
      .getByRole("button", { name: /cost|spend/i })
      .first();
    await suggestion.waitFor();
    await picture("8-odd");
    await suggestion.click();

    await turn(1).getByText("Show the maths").waitFor();
    await ready();
  });

  it("keeps a question it could not read as one", async () => {
    await open();
    await ask("🎉🎉");
    await turn(0).getByText("I need words to go on.").waitFor();
    // The list of conversations is read after the answer; a reload in the middle of it would abort the request.
    await page.waitForLoadState("networkidle");

    await page.reload();

    await turn(0).getByText("I need words to go on.").waitFor();
  });

  it("previews a digest with its chart, and opens every page", { timeout: 120_000 }, async () => {
    await open();
    const pages = page.getByRole("navigation", { name: "Pages" });
    await pages.getByRole("link", { name: "Digests" }).click();
    // A digest that finds nothing to tell has no chart; this one always has one.
    await page.getByRole("link", { name: "What it would say now: AI usage" }).click();
    await page.locator(".page-view canvas[role=img]").first().waitFor({ timeout: 60_000 });
    expect(await page.locator(".page-view tbody tr").count()).toBeGreaterThan(1);
    await picture("9-digest");

    for (const name of ["Alerts", "Budgets", "Sources"]) {
      await pages.getByRole("link", { name }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await expect.poll(() => page.locator("[aria-busy]").count(), { timeout: 60_000 }).toBe(0);
      expect(await page.locator(".problem").count()).toBe(0);
      await picture(`9-${name.toLowerCase()}`);
    }
    await page.getByRole("button", { name: "What can I ask?" }).waitFor();
  });
});
