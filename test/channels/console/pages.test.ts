import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpError } from "../../../src/core/http.ts";
import { launchBrowser } from "../../kit/browser.ts";
import { type ConsolePage, openConsolePage } from "./console-page.ts";
import type { ConsoleServer } from "./console-server.ts";
import { finding, REPLIES } from "./page-fixtures.ts";

const browser: Browser | null = await launchBrowser();
afterAll(() => browser?.close());

describe.skipIf(browser === null)("the console's pages", () => {
  let opened: ConsolePage;
  let server: ConsoleServer;
  let page: Page;

  beforeEach(async () => {
    opened = await openConsolePage(browser, { locale: "en-GB", timezoneId: "Europe/Berlin" });
    ({ server, page } = opened);
    server.replies = new Map(Object.entries(REPLIES));
  });
  afterEach(() => opened.close());

  const open = (address: string) => page.goto(`${server.url}/${address}`);
  const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
  const calls = (name: string) => server.sent.filter(({ call }) => call.endsWith(name)).map(({ body }) => body);
  const withKey = () => page.addInitScript("sessionStorage.setItem('firstmate.key', 'fm_key')");

  async function saved(press: () => Promise<void>): Promise<{ name: string; text: string }> {
    const [download] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  }

  it("shows which digests go out, and what one would say now with its chart", async () => {
    await open("#/digests");
    await page.getByRole("link", { name: "Cloud cost, every weekday at 09:00 Europe/Berlin" }).waitFor();
    await page.getByText("last: sent").waitFor();
    expect(await page.locator("time").first().textContent()).toBe("Mon 23 November at 09:00");

    await page.getByRole("link", { name: "What it would say now: Cloud cost" }).click();

    await page.getByText("Cloud cost: $3,842").waitFor();
    await page.getByRole("img", { name: "Cost rises to 12 dollars." }).waitFor();
    await page.getByText("Show the maths").waitFor();
    expect(calls("/tools/digests")).toEqual([{ command: "preview cost" }]);
    await page.getByRole("link", { name: "All digests" }).click();
    await page.getByRole("heading", { name: "What goes out" }).waitFor();
  });

  it("says how the first digest comes about where there is none", async () => {
    server.replies.set("GET /api/v1/digests", { digests: [], subscriptions: [] });

    await open("#/digests");

    await page.getByText("/digest add cost every weekday at 9 in Berlin").waitFor();
  });

  it("gives a chart's figures as CSV and its picture as PNG, small and enlarged", async () => {
    await open("#/digests/cost");
    const csv = page.getByRole("button", { name: "Download Cost per day as CSV" });

    expect(await saved(() => csv.click())).toEqual({ name: "cost-per-day.csv", text: "when,cost (USD)\r\n1 Nov,10\r\n2 Nov,\r\n" });
    expect((await saved(() => page.getByRole("button", { name: "PNG" }).click())).name).toBe("cost-per-day.png");
    await page.getByRole("button", { name: "Enlarge", exact: true }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Cost per day" });
    await dialog.getByRole("img", { name: "Cost rises to 12 dollars." }).waitFor();
    expect((await saved(() => dialog.getByRole("button", { name: "Download Cost per day as CSV" }).click())).name).toBe("cost-per-day.csv");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Enlarge");
  });

  it("lists alerts, shows one with its history, and says of it what a person presses", async () => {
    server.next(({ request, final }) =>
      final({
        ...{ conversation: "c1", turn: "t1", text: `Did ${request.question}`, blocks: [], receipts: [], tools: [] },
        ...{ agent: "deterministic", suggestions: [] },
      }),
    );
    await open("#/alerts");
    await page.getByText("critical", { exact: true }).waitFor();
    await page.getByText("2 signs").waitFor();
    expect(await page.locator("[aria-current=page]").allTextContents()).toEqual(["Alerts", "Open"]);

    await page.getByRole("link", { name: "Cost of Amazon S3 is high" }).click();
    await page.getByRole("group", { name: "History", exact: true }).waitFor();
    await page.getByRole("button", { name: "acknowledge" }).click();

    await page.locator(".prose", { hasText: "Did /alerts acknowledge 3f2a9c1b" }).waitFor();
    expect(calls("/tools/alerts")).toContainEqual({ command: "show 3f2a9c1b" });
    await page.goBack();
  });

  it("tells what the alert rules would say now, and which cannot be judged", async () => {
    await open("#/alerts");

    await page.getByRole("button", { name: "What would they say now?" }).click();

    const table = page.getByRole("group", { name: "Would fire now", exact: true });
    expect(await table.locator("tbody td").allTextContents()).toEqual([
      "cost-by-service",
      "cost of Amazon S3",
      "18 November 2026",
      "$412.10 on 20 November 2026",
      "$120.00 to $180.00",
    ]);
    await page.getByText("stock cannot be judged: Its source is not connected.").waitFor();
  });

  it("shows an agent by day, missing figures as missing, for the period that is chosen", async () => {
    await open("#/agents");
    await page.getByRole("link", { name: "support-bot" }).click();
    const table = page.getByRole("group", { name: "By day (UTC)", exact: true });
    await table.waitFor();

    await page.getByLabel("Period").selectOption("last 7 days");

    await expect.poll(() => calls("/tools/agent_metrics").at(-1)).toEqual({ period: "last 7 days", filter: { agent: ["support-bot"] } });
    await table.waitFor();
    expect(await table.locator("tbody td").allTextContents()).toEqual([
      ...["20 November 2026", "40", "38", "2", "812", "12,000", "–", "4", "$1.25"],
    ]);
  });

  it("passes on why there is nothing, as an answer and no fault", async () => {
    server.replies.set("POST /api/v1/tools/agent_metrics", () => {
      throw new HttpError(422, "No AI agent has reported yet.");
    });

    await open("#/agents");

    await page.getByText("No AI agent has reported yet.", { exact: true }).first().waitFor();
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });

  it("shows what is used and left of each budget", async () => {
    await open("#/budgets");

    await page.getByText("4,200,000 of 5,000,000 tokens used, 800,000 left").waitFor();
    await page.getByText("$12.50 of $10.00 used, $2.50 over").waitFor();
    await page.getByText("0 tokens used; no limit is set.").waitFor();
    expect(await page.getByRole("progressbar").evaluateAll((bars) => bars.map((bar) => bar.className))).toEqual(["near", "over", ""]);
    await page.getByText("$18,000 left.").waitFor();
    await page.getByText("Heading for $18,119 by its end").waitFor();
    await page.getByText("Without a budget: Beacon.").waitFor();
  });

  it("shows an admin every check with its fix, what fails first, and others what was met last", async () => {
    const doctor = { name: "doctor", title: "Doctor", description: "", examples: [] };
    server.tools = [doctor];
    await open("#/sources");
    await page.getByText("Make a new JIRA_TOKEN.").waitFor();
    expect(await page.locator(".checks").first().getByRole("heading").allTextContents()).toEqual(["Jira", "database"]);

    server.tools = [];
    server.replies.set("GET /health/ready", {
      status: "ready",
      checks: [
        { name: "database", state: "ok" },
        { name: "AWS", state: "ok" },
      ],
    });
    await page.reload();

    await page.getByRole("heading", { name: "When last asked" }).waitFor();
    expect(await page.locator(".checks li").allTextContents()).toEqual(["AWSok", "Databaseok"]);
  });

  it("asks for a key where one is needed, and shows the page with it", async () => {
    server.key = "fm_key";
    await open("#/budgets");
    await page.locator("#page").getByLabel("API key").first().fill("fm_key");
    await page.locator("#page").getByRole("button", { name: "Use this key" }).first().click();

    await page.getByText("800,000 left").waitFor();
    expect(new URL(page.url()).hash).toBe("#/budgets");
  });

  it("reads a part again after a failure, and leaves the others alone", async () => {
    let healthy = false;
    server.replies.set("GET /api/v1/budgets", () => {
      if (healthy) return REPLIES["GET /api/v1/budgets"];
      throw new HttpError(503, "Restarting.");
    });
    await open("#/budgets");
    await page.locator(".problem", { hasText: "This could not be read just now" }).waitFor();
    await page.getByText("$18,000 left.").waitFor();

    healthy = true;
    await page.getByRole("button", { name: "Try again" }).click();

    await page.getByText("800,000 left").waitFor();
    expect(opened.complaints.splice(0)).toEqual([expect.stringContaining("503")]);
  });

  it("narrows questions to the chosen project, as long as the tab", async () => {
    const answer = { conversation: "c1", turn: "t1", text: "Done.", blocks: [], receipts: [], tools: [], suggestions: [] };
    server.next(({ final }) => final({ ...answer, agent: "deterministic" }));
    server.next(({ final }) => final({ ...answer, agent: "deterministic" }));
    await open("");
    await page.getByLabel("Asking about").selectOption("Atlas");
    await page.getByLabel("Your question").fill("costs");
    await page.getByLabel("Your question").press("Enter");
    await page.locator(".prose", { hasText: "Done." }).waitFor();

    await page.reload();
    expect(await page.getByLabel("Asking about").inputValue()).toBe("p1");
    await page.getByLabel("Asking about").selectOption("everything");
    await page.getByLabel("Your question").fill("costs");
    await page.getByLabel("Your question").press("Enter");

    await page.locator(".prose", { hasText: "Done." }).waitFor();
    expect(server.asked.map(({ project }) => project)).toEqual(["p1", undefined]);
  });

  it("lets an answer come in behind a page, and comes back to it", async () => {
    const gate = Promise.withResolvers<void>();
    server.next(async (wire) => {
      wire.start("c7");
      await gate.promise;
      wire.final({
        ...{ conversation: "c7", turn: "t1", text: "It is here.", blocks: [], receipts: [], tools: [] },
        ...{ agent: "deterministic", suggestions: [] },
      });
    });
    await open("");
    await page.getByLabel("Your question").fill("long one");
    await page.getByLabel("Your question").press("Enter");
    await expect.poll(() => new URL(page.url()).hash).toBe("#/c/c7");
    await page.getByRole("link", { name: "Budgets" }).click();
    await heading("Budgets");

    gate.resolve();
    await page.locator("#live", { hasText: "Answer ready." }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Budgets");
    await page.goBack();

    await page.locator(".prose", { hasText: "It is here." }).waitFor();
  });

  it("renames and deletes a conversation, the latter after a second word", async () => {
    await withKey();
    server.conversations = [{ id: "c1", title: "Old name", updatedAt: new Date().toISOString() }];
    server.replies.set("PATCH /api/v1/conversations/c1", ({ title }: { title: string }) => {
      server.conversations = [{ id: "c1", title, updatedAt: new Date().toISOString() }];
      return { id: "c1", title };
    });
    server.replies.set("DELETE /api/v1/conversations/c1", () => {
      server.conversations = [];
      return { forgotten: true };
    });
    await open("");
    await page.getByRole("button", { name: "Rename or delete: Old name" }).click();
    await page.getByLabel("Name", { exact: true }).fill("New name");
    await page.getByRole("button", { name: "Save the name" }).click();
    await page.getByRole("link", { name: "New name" }).waitFor();
    const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label')");
    await expect.poll(focused).toBe("Rename or delete: New name");

    await page.getByRole("button", { name: "Rename or delete: New name" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    expect(calls("/conversations/c1").length).toBe(1);
    await page.getByRole("button", { name: "Delete it with its answers, for good" }).click();

    await page.getByText("Conversations appear here.").waitFor();
  });

  it("offers the company's sign-in where there is one, and knows who comes back from it", async () => {
    server.start = { signIn: "/api/v1/auth/oidc" };
    server.key = "a session instead";
    await open("");
    const link = page.getByRole("link", { name: "Sign in with your company account" });
    await link.waitFor();
    expect(await link.getAttribute("href")).toBe("/api/v1/auth/oidc");

    server.key = null;
    server.replies.set("GET /api/v1/me", { id: "oidc:1", name: "Ada", roles: ["viewer"] });
    await page.reload();

    await page.getByRole("button", { name: "Sign out Ada" }).waitFor();
  });

  it("finds a conversation among many by a word of its name", async () => {
    const updatedAt = new Date().toISOString();
    server.conversations = Array.from({ length: 9 }, (_, at) => ({ id: `c${at}`, title: `Question ${at}`, updatedAt }));
    await open("");
    const names = () => page.getByRole("navigation", { name: "Earlier conversations" }).getByRole("link").allTextContents();
    await page.getByRole("link", { name: "Question 8" }).waitFor();

    await page.getByRole("searchbox", { name: "Find a conversation" }).fill("question 4");
    expect(await names()).toEqual(["Question 4"]);
    await page.getByRole("searchbox", { name: "Find a conversation" }).fill("nothing such");

    await page.getByText("None is called that.").waitFor();
  });

  it("is walked by keyboard alone", async () => {
    server.conversations = ["First", "Second"].map((title, at) => ({ id: `c${at}`, title, updatedAt: new Date().toISOString() }));
    const active = () => page.evaluate<string>("document.activeElement.textContent.trim() || document.activeElement.id");
    const tab = () => page.keyboard.press("Tab");
    await open("");
    await page.getByRole("link", { name: "Second" }).waitFor();
    await expect.poll(active).toBe("question");

    for (let steps = 0; steps < 30 && (await active()) !== "Skip to the content"; steps += 1) {
      await page.keyboard.press("Shift+Tab");
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
    }
    expect(await active()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await active()).toBe("question");
    await page.getByRole("button", { name: "New conversation" }).focus();
    const names: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      await tab();
      names.push(await active());
    }
    expect(names).toEqual(["Digests", "Alerts", "AI agents", "Budgets", "Sources"]);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await heading("Budgets");
    expect(await active()).toBe("Budgets");

    await page.getByRole("link", { name: "First" }).focus();
    await page.keyboard.press("ArrowDown");
    expect(await active()).toBe("Second");
    await page.keyboard.press("Home");
    expect(await active()).toBe("First");
    await page.keyboard.press("Control+k");
    expect(await active()).toBe("question");
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await page.keyboard.press("Control+b");
    await page.getByRole("complementary", { name: "Conversations" }).waitFor({ state: "hidden" });
  });

  it("prints what was answered and not the controls, with the maths", async () => {
    server.next(({ final }) =>
      final({
        ...{ conversation: "c1", turn: "t1", text: "Done.", blocks: [], tools: [], agent: "deterministic", suggestions: ["And then?"] },
        receipts: [{ id: "r", source: "bill", query: "sum of cost", fetchedAt: "2026-11-21T09:00:00Z", status: "live" }],
      }),
    );
    await open("");
    await page.getByLabel("Your question").fill("costs");
    await page.getByLabel("Your question").press("Enter");
    await page.locator(".prose", { hasText: "Done." }).waitFor();

    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: "print" });

    expect(await page.getByText("sum of cost").isVisible()).toBe(true);
    expect(await page.getByRole("textbox").isVisible()).toBe(false);
    expect(await page.getByText("And then?").isVisible()).toBe(false);
  });

  it("says when a page's words from the server are hostile nothing but those words", async () => {
    server.replies.set("POST /api/v1/tools/alerts", finding("<img src=x onerror=alert(1)>", { data: { alerts: [], rules: [] } }));

    await open("#/alerts/all");

    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    expect(await page.locator(".page-view img").count()).toBe(0);
  });
});
