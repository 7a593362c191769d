import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/channels/console/wire.ts";
import { accessibilityFaults } from "../../kit/axe.ts";
import { launchBrowser } from "../../kit/browser.ts";
import { type ConsoleServer, startConsole } from "./console-server.ts";
import { REPLIES } from "./page-fixtures.ts";

/** Every view of the console under axe: light and dark, wide and as a phone. */
const browser: Browser | null = await launchBrowser();
afterAll(() => browser?.close());

const VIEWS = ["digests", "digests/cost", "alerts", "alerts/3f2a9c1b", "agents", "agents/support-bot", "budgets", "sources"];

describe.skipIf(browser === null)("the console for everyone", () => {
  let server: ConsoleServer;
  beforeAll(async () => {
    server = await startConsole();
    server.replies = new Map(Object.entries(REPLIES));
    server.tools = [{ name: "doctor", title: "Doctor", description: "Checks.", examples: ["doctor"] }];
    const updatedAt = new Date().toISOString();
    server.conversations = Array.from({ length: 9 }, (_, at) => ({ id: `c${at}`, title: at === 0 ? "Earlier" : `Other ${at}`, updatedAt }));
  });
  afterAll(() => server.close());

  const settled = (page: Page) => expect.poll(() => page.locator("[aria-busy]").count()).toBe(0);

  it.each([
    ["light", "wide"],
    ["light", "phone"],
    ["dark", "wide"],
    ["dark", "phone"],
  ] as const)("has no fault that axe knows, %s and %s", { timeout: 120_000 }, async (colorScheme, size) => {
    if (!browser) throw new Error("no browser");
    const viewport = size === "wide" ? { width: 1280, height: 900 } : { width: 360, height: 740 };
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.addInitScript("sessionStorage.setItem('firstmate.key', 'fm_key')");
    const only = colorScheme === "dark" ? ({ only: "colours" } as const) : {};
    const faults: string[] = [];
    const look = async (view: string) => {
      faults.push(...(await accessibilityFaults(page, only)).map((fault) => `${view}: ${fault}`));
      if ((await page.evaluate("document.documentElement.scrollWidth")) !== viewport.width) faults.push(`${view}: scrolls sideways`);
    };

    await page.goto(server.url);
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await look("welcome");
    server.next(({ final }) => final(ANSWER));
    await page.getByLabel("Your question").fill("costs");
    await page.getByLabel("Your question").press("Enter");
    await page.getByText("Show the maths").click();
    server.next(({ final }) => final({ ...ANSWER, turn: "t2", text: "And again." }));
    await page.getByLabel("Your question").fill("costs");
    await page.getByLabel("Your question").press("Enter");
    await page.locator(".prose", { hasText: "And again." }).waitFor();
    await page.getByText("Show the maths").nth(1).click();
    await look("answers");
    await page.getByRole("button", { name: "Enlarge", exact: true }).first().click();
    await look("enlarged chart");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "What can I ask?" }).click();
    await page.getByRole("heading", { name: "Doctor" }).waitFor();
    await look("what can I ask");
    await page.keyboard.press("Escape");
    for (const view of VIEWS) {
      await page.goto(`${server.url}/#/${view}`);
      await page.locator(".page-view > *").first().waitFor();
      await settled(page);
      await look(view);
    }
    if (size === "phone") await page.getByRole("button", { name: "Conversations" }).click();
    await look("sidebar");
    await page.getByRole("button", { name: "Rename or delete: Earlier" }).click();
    await look("rename");
    for (const path of ["/sign-in", "/status"]) {
      await page.goto(server.url + path);
      await look(path);
    }

    await context.close();
    expect(faults).toEqual([]);
  });
});

const ANSWER: Answer = {
  conversation: "c1",
  turn: "t1",
  text: "October cost **$145,022**, [more](https://example.com).",
  blocks: [
    { type: "kpis", items: [{ label: "Cost", value: "$145,022", change: "+3 %", tone: "bad" }] },
    { type: "chart", title: "Cost by service", spec: {}, alt: "Amazon EC2 makes 83 percent.", image: "/api/v1/charts/1.png?sig=1" },
    {
      type: "table",
      title: "What came before AmazonElasticComputeCloudCompute changed",
      columns: [
        { label: "Service", type: "text" },
        { label: "Cost", type: "money", unit: "USD" },
      ],
      rows: [
        ["Amazon S3", 10],
        ["Amazon EC2", null],
      ],
    },
    { type: "approval", id: "a1", title: "Create an issue", lines: ["Summary: Login fails"], expiresAt: "9999-01-01T00:00:00Z" },
    { type: "progress", label: "Reading", done: 3, total: 9 },
  ],
  receipts: [
    { id: "r1", source: "bill", query: "sum of cost", fetchedAt: "2026-11-21T09:00:00Z", status: "demo", provisional: "2026-11-20" },
    { id: "r2", source: "old bill", query: "sum of cost", fetchedAt: "2026-11-21T09:00:00Z", status: "stale" },
    { id: "r3", source: "new bill", query: "sum of cost", fetchedAt: "2026-11-21T09:00:00Z", status: "live" },
  ],
  tools: [{ name: "get_costs", input: { by: "service" } }],
  agent: "deterministic",
  notice: "Demo data.",
  suggestions: ["Why did it grow?"],
};
