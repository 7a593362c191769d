import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/channels/console/wire.ts";
import { launchBrowser } from "../../kit/browser.ts";
import { type ConsolePage, openConsolePage } from "./console-page.ts";
import type { ConsoleServer } from "./console-server.ts";

const browser: Browser | null = await launchBrowser();
afterAll(() => browser?.close());

// What runs inside the page is given as text: the names of a browser are no part of this program's types.
describe.skipIf(browser === null)("the console in a browser", () => {
  let opened: ConsolePage;
  let server: ConsoleServer;
  let page: Page;

  beforeEach(async () => {
    opened = await openConsolePage(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    ({ server, page } = opened);
    await page.goto(server.url);
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
  });
  afterEach(() => opened.close());

  const box = () => page.getByRole("textbox", { name: "Your question" });
  const live = () => page.locator("#live");
  const ready = () => page.getByRole("button", { name: "Send", exact: true }).waitFor();

  const style = (selector: string, property: string) =>
    page.evaluate(`getComputedStyle(document.querySelector("${selector}")).${property}`);

  async function ask(question: string): Promise<void> {
    await box().fill(question);
    await box().press("Enter");
  }

  /** The page's clock goes on when told to. */
  async function standStill(): Promise<void> {
    const now = Date.now();
    await page.clock.install({ time: now });
    await page.clock.pauseAt(now + 1000);
  }

  it("greets with the lasting label, suggestions and the question box in focus", async () => {
    await page.getByRole("note").getByText("Demo data: a simulated company").waitFor();

    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("question");
    expect(await page.getByRole("list", { name: "Suggested questions" }).getByRole("button").allTextContents()).toEqual([
      "What did October cost?",
    ]);
  });

  it("says what to do first where nothing is connected", async () => {
    server.start = { advice: "On the server, `firstmate init` asks what to connect." };

    await page.reload();

    await page.locator("#welcome code", { hasText: "firstmate init" }).waitFor();
  });

  it("streams an answer to a question asked by keyboard", async () => {
    const gate = Promise.withResolvers<void>();
    server.next(async (wire) => {
      wire.status("reading costs …");
      wire.text("October cost **$145");
      await gate.promise;
      wire.final(answer({ text: "October cost **$145,022**." }));
    });

    await box().pressSequentially("What did");
    await box().press("Shift+Enter");
    await box().pressSequentially("October cost?");
    await box().press("Enter");

    await page.getByText("reading costs …", { exact: true }).first().waitFor();
    await page.locator(".prose", { hasText: "October cost **$145" }).waitFor();
    expect(await live().textContent()).toBe("reading costs …");
    expect(await box().inputValue()).toBe("");
    gate.resolve();
    await page.locator(".prose strong", { hasText: "$145,022" }).waitFor();
    await ready();
    expect(await live().textContent()).toBe("Answer ready. October cost **$145,022**.");
    expect(await page.locator(".status").isHidden()).toBe(true);
    expect(server.asked.map(({ question, conversation }) => ({ question, conversation }))).toEqual([
      { question: "What did\nOctober cost?", conversation: undefined },
    ]);
    expect(server.asked[0]?.headers.origin).toBe(server.url);
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("shows tables as they are to be read, sorts them and copies them", async () => {
    server.next(({ final }) => final(answer({ blocks: [COSTS] })));
    await ask("costs");
    await ready();
    const table = page.getByRole("group", { name: "Cost by service", exact: true });
    const column = (at: number) => table.locator(`tbody td:nth-child(${at})`);

    expect(await column(2).allTextContents()).toEqual(["$10.00", "$1,200.50", "–"]);
    expect(await column(2).last().getAttribute("title")).toBe("missing");
    expect([await style("td.number", "textAlign"), await style("td.number", "fontVariantNumeric")]).toEqual(["end", "tabular-nums"]);
    expect(await column(3).allTextContents()).toEqual(["0.8%", "99.2%", "–"]);

    const header = table.getByRole("columnheader", { name: "Cost" });
    await header.getByRole("button").press("Enter");
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    expect(await column(1).allTextContents()).toEqual(["Amazon EC2", "Amazon S3", "<img src=x onerror=alert(1)>"]);
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBeNull();

    await table.getByRole("button", { name: "Copy as CSV" }).click();
    await table.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toContain("Amazon EC2,1200.5,0.992");
  });

  it("shows charts with their finding in words, larger on demand", async () => {
    server.next(({ final }) => final(answer({ blocks: [CHART] })));
    await ask("chart");
    await ready();
    const image = page.getByRole("img", { name: "Amazon EC2 makes 83 percent." });

    await image.waitFor();
    await expect.poll(() => page.evaluate("document.querySelector('figure img').naturalWidth")).toBe(1);
    expect(await page.evaluate("document.querySelector('figure img').currentSrc")).toMatch(/\?sig=1$/);
    expect(await page.getByRole("link", { name: "PNG" }).getAttribute("download")).toBe("cost-by-service.png");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => page.evaluate("document.querySelector('figure img').currentSrc")).toMatch(/\?sig=1&theme=dark$/);

    await page.getByRole("button", { name: "Enlarge chart: Cost by service" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Cost by service" });
    await dialog.getByRole("img").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.className")).toBe("chart-button");
  });

  it("lets a write be approved by a press, and no longer once its time is over", async () => {
    const card = (id: string, expiresAt: string) =>
      ({ type: "approval", id, title: `Create ${id}`, lines: ["Summary: Login fails"], expiresAt }) as const;
    server.next(({ final }) => final(answer({ blocks: [card("a1", "9999-01-01T00:00:00Z"), card("a2", "2020-01-01T00:00:00Z")] })));
    server.next(({ final }) => final(answer({ text: "Created." })));
    await ask("create an issue");
    await ready();

    expect(await page.getByRole("group", { name: "Create a2" }).getByRole("button").count()).toBe(0);
    await page.getByRole("group", { name: "Create a1" }).getByRole("button", { name: "Approve" }).click();

    await page.locator(".prose", { hasText: "Created." }).waitFor();
    expect(server.asked.map(({ question }) => question)).toEqual(["create an issue", "approve a1"]);
  });

  it("takes the charts that are drawn for a phone, and the whole one enlarged", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    server.next(({ final }) => final(answer({ blocks: [CHART] })));
    await ask("chart");
    const source = (selector: string) => page.evaluate(`document.querySelector("${selector} img")?.currentSrc`);

    await expect.poll(() => source("figure")).toMatch(/\?sig=1&layout=narrow$/);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => source("figure")).toMatch(/\?sig=1&layout=narrow&theme=dark$/);
    await page.getByRole("button", { name: "Enlarge chart: Cost by service" }).press("Enter");

    await expect.poll(() => source("dialog")).toMatch(/\?sig=1&theme=dark$/);
  });

  it("shows the maths: every receipt, its state and the tools called", async () => {
    server.next(({ final }) => final(answer({ receipts: RECEIPTS, tools: [{ name: "get_costs", input: { by: "service" } }] })));
    await ask("costs");
    await ready();
    const summary = page.getByText("Show the maths");
    expect(await page.getByText("sum of cost by service").first().isVisible()).toBe(false);
    expect(await page.locator("summary .badge").allTextContents()).toEqual(["Stale", "Provisional", "Truncated"]);

    await summary.click();

    expect(await page.getByText("sum of cost by service").count()).toBe(8);
    await page.getByText("From 30 October 2026 on, the source may still change these figures.").waitFor();
    await page.getByText("first 1,000 rows").waitFor();
    await page.getByText('get_costs({"by":"service"})').waitFor();
    expect(await page.getByRole("link", { name: "bill 1", exact: true }).getAttribute("rel")).toBe("noopener noreferrer");
    expect(await page.getByRole("link", { name: "bill 2", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Show all 60 sources" }).click();
    expect(await page.getByText("sum of cost by service").count()).toBe(60);
  });

  it("asks what a suggestion says, within the same conversation", async () => {
    server.next(({ final }) => final(answer({ suggestions: ["Why did it grow?"] })));
    server.next(({ final }) => final(answer({ text: "Because of Lambda." })));

    await page.getByRole("button", { name: "What did October cost?" }).click();
    await page.getByRole("button", { name: "Why did it grow?" }).click();
    await page.getByText("Because of Lambda.", { exact: true }).waitFor();

    expect(server.asked.map(({ question, conversation }) => [question, conversation])).toEqual([
      ["What did October cost?", undefined],
      ["Why did it grow?", "c1"],
    ]);
  });

  it("keeps whether an answer was good, and takes another word for it", async () => {
    server.replies.set("POST /api/v1/turns/t1/feedback", ({ verdict }: { verdict: string }) => ({ verdict }));
    server.next(({ final }) => final(answer({})));
    await ask("costs");
    const button = (name: string) => page.getByRole("button", { name, exact: true });

    await button("Good answer").click();
    await expect.poll(() => button("Good answer").getAttribute("aria-pressed")).toBe("true");
    await button("Not good").click();
    await expect.poll(() => button("Not good").getAttribute("aria-pressed")).toBe("true");

    expect(await button("Good answer").getAttribute("aria-pressed")).toBe("false");
    const at = new Date().toISOString();
    server.stored.set("c1", {
      id: "c1",
      title: "costs",
      turns: [{ id: "t1", question: "costs", at, state: "done", answer: answer({}), verdict: "bad" }],
    });
    await page.reload();
    await button("Not good").waitFor();
    expect(await button("Not good").getAttribute("aria-pressed")).toBe("true");
    expect(server.sent.map(({ body }) => body)).toEqual([{ verdict: "good" }, { verdict: "bad" }]);
  });

  it("stops by Escape, keeps what had come, and hangs up", async () => {
    const hungUp = Promise.withResolvers<void>();
    server.next(async (wire) => {
      wire.text("Half an answer");
      await wire.hungUp;
      hungUp.resolve();
    });
    server.next(({ final }) => final(answer({ text: "A whole answer." })));
    await ask("long one");
    await page.getByText("Half an answer").waitFor();

    await page.keyboard.press("Escape");

    await hungUp.promise;
    await page.getByText("Stopped.", { exact: true }).first().waitFor();
    expect(await page.getByText("Half an answer").isVisible()).toBe(true);
    await box().press("ArrowUp");
    expect(await box().inputValue()).toBe("long one");
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.locator(".prose", { hasText: "A whole answer." }).waitFor();
    expect(await box().inputValue()).toBe("long one");
  });

  it("goes on in the conversation whose first answer was stopped", async () => {
    server.next((wire) => {
      wire.start("c7");
      wire.status("reading …");
      return wire.hungUp;
    });
    server.next(({ final }) => final(answer({ conversation: "c7", text: "A shorter answer." })));
    await ask("long one");
    await page.getByText("reading …").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Stopped.", { exact: true }).first().waitFor();
    expect(new URL(page.url()).hash).toBe("#/c/c7");

    await ask("a shorter one");

    await page.locator(".prose", { hasText: "A shorter answer." }).waitFor();
    expect(server.asked.map(({ conversation }) => conversation)).toEqual([undefined, "c7"]);
  });

  it("brings back turns that have no answer, and the way on", async () => {
    const at = new Date().toISOString();
    const turns = (state: "running" | "done") => [
      { id: "t1", question: "cut off by a restart", at, state: "interrupted" as const, answer: null },
      {
        id: "t3",
        question: "left by a reload",
        at,
        state: "failed" as const,
        answer: answer({ text: "Stopped before the answer was complete." }),
      },
      { id: "t2", question: "asked just now", at, state, answer: state === "done" ? answer({ text: "It is done." }) : null },
    ];
    server.stored.set("c1", { id: "c1", title: "First", turns: turns("running") });
    server.next(({ final }) => final(answer({ text: "The second time it worked." })));

    await standStill();
    await page.goto(`${server.url}/#/c/c1`);
    await page.getByText("This answer is still on its way.").waitFor();
    server.stored.set("c1", { id: "c1", title: "First", turns: turns("done") });
    await page.getByRole("button", { name: "Look again" }).click();
    await page.locator(".prose", { hasText: "It is done." }).waitFor();
    await page.getByText("This answer was interrupted.").waitFor();
    await page.getByRole("button", { name: "Ask again" }).first().click();
    await page.locator(".prose", { hasText: "The second time it worked." }).waitFor();
    server.next(({ final }) => final(answer({ text: "The third worked as well." })));
    await page.getByRole("button", { name: "Ask again" }).click();

    await page.locator(".prose", { hasText: "The third worked as well." }).waitFor();
    expect(await page.getByText("Stopped before the answer was complete.").count()).toBe(0);
    expect(server.asked.map(({ question, conversation }) => [question, conversation])).toEqual([
      ["cut off by a restart", "c1"],
      ["left by a reload", "c1"],
    ]);
  });

  it("shows an answer that came in while another tab waited for it", async () => {
    const turn = { id: "t1", question: "asked in another tab", at: new Date().toISOString() };
    server.stored.set("c1", { id: "c1", title: "First", turns: [{ ...turn, state: "running", answer: null }] });
    await standStill();
    await page.goto(`${server.url}/#/c/c1`);
    await page.getByText("This answer is still on its way.").waitFor();

    await page.clock.runFor(3000);
    server.stored.set("c1", { id: "c1", title: "First", turns: [{ ...turn, state: "done", answer: answer({ text: "It is done." }) }] });
    await page.clock.runFor(3000);

    await page.locator(".prose", { hasText: "It is done." }).waitFor();
  });

  it("stops by its button, and Enter does not send a second question meanwhile", async () => {
    server.next((wire) => {
      wire.status("reading …");
      return wire.hungUp;
    });
    await ask("first");
    await page.getByText("reading …").first().waitFor();

    await ask("second");
    expect(await live().textContent()).toContain("still on its way");
    await page.getByRole("button", { name: "Stop" }).click();

    await page.getByText("Stopped.", { exact: true }).first().waitFor();
    expect(await box().inputValue()).toBe("second");
    expect(server.asked.length).toBe(1);
  });

  it("keeps the question when the connection dies, and asks it again", async () => {
    const gate = Promise.withResolvers<void>();
    server.next(async (wire) => {
      wire.text("Half an answer");
      await gate.promise;
      wire.cut();
    });
    server.next(({ final }) => final(answer({ text: "Here it is." })));
    await ask("costs");
    await page.getByText("Half an answer").waitFor();
    gate.resolve();
    await page.getByText("The connection to Firstmate was lost", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Try again" }).click();

    await page.locator(".prose", { hasText: "Here it is." }).waitFor();
    expect(server.asked.map(({ question }) => question)).toEqual(["costs", "costs"]);
  });

  it("tells a person who is offline so, and asks again when they are back", async () => {
    server.next(({ final }) => final(answer({ text: "Here it is." })));
    await opened.context.setOffline(true);
    await ask("costs");
    await page.getByText("You are offline", { exact: true }).waitFor();

    await opened.context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();

    await page.locator(".prose", { hasText: "Here it is." }).waitFor();
  });

  it("says what a source's failure means", async () => {
    server.next((wire) => {
      wire.status("reading …");
      wire.error({ title: "AWS did not answer", detail: "Ask again later.", status: 502 });
    });
    await ask("costs");

    await page.locator(".problem", { hasText: "AWS did not answer" }).getByText("Ask again later.").waitFor();
    expect(await live().textContent()).toBe("AWS did not answer. Ask again later.");
  });

  it("counts down to the next try when questions come too fast", async () => {
    await page.clock.install();
    server.next(({ refuse }) => refuse(429, { detail: "60 a minute." }, { "retry-after": "20" }));
    await ask("costs");
    const button = page.getByRole("button", { name: /^Try again/ });
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);

    await page.clock.runFor(21_000);

    await page.getByRole("button", { name: "Try again", exact: true }).waitFor();
    expect(await button.isEnabled()).toBe(true);
  });

  it("puts a question that is too long back into the box", async () => {
    server.next(({ refuse }) => refuse(413, { detail: "At most 8,000 characters." }));
    await ask("a very long question");

    await page.getByRole("button", { name: "Edit the question" }).click();

    expect(await box().inputValue()).toBe("a very long question");
    expect(await page.locator(".turn").count()).toBe(0);
  });

  it("asks for a key where one is needed, and keeps it for the tab", async () => {
    server.key = "fm_secret";
    server.next(({ final }) => final(answer({ text: "Now it works." })));
    await ask("costs");
    await page.getByText("npm run -s firstmate -- key create --role viewer").waitFor();

    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByText("This key was not accepted").first().waitFor();
    await page.getByLabel("API key").fill("fm_secret");
    await page.getByRole("button", { name: "Use this key" }).click();

    await page.locator(".prose", { hasText: "Now it works." }).waitFor();
    expect(server.asked[0]?.headers.authorization).toBe("Bearer fm_secret");
    expect(await page.evaluate("[sessionStorage.length, localStorage.getItem('firstmate.key')]")).toEqual([1, null]);
  });

  it("draws a chart that only the key opens", async () => {
    server.key = "fm_secret";
    server.next(({ final }) => final(answer({ blocks: [CHART] })));
    await ask("chart");
    await page.getByLabel("API key").fill("fm_secret");
    await page.getByRole("button", { name: "Use this key" }).click();

    await page.locator("figure canvas[role=img]").waitFor();
    expect(await page.getByRole("img", { name: CHART.alt }).count()).toBe(1);
  });

  it("asks for the key at once when a page opens without one", async () => {
    server.key = "fm_secret";
    server.conversations = [{ id: "c9", title: "Earlier question", updatedAt: new Date().toISOString() }];
    await page.reload();
    await page.getByRole("heading", { name: "This console needs a key" }).waitFor();

    await page.getByLabel("API key").fill("fm_secret");
    await page.getByLabel("API key").press("Enter");

    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await page.getByRole("link", { name: "Earlier question" }).waitFor();
  });

  it("brings a conversation back after a reload, and from the list", async () => {
    server.next(({ final }) => final(answer({ text: "First answer." })));
    await ask("first question");
    await page.locator(".prose", { hasText: "First answer." }).waitFor();
    const turn = {
      id: "t1",
      question: "first question",
      at: new Date().toISOString(),
      state: "done" as const,
      answer: answer({ text: "First answer." }),
    };
    server.stored.set("c1", { id: "c1", title: "First", turns: [turn] });
    server.stored.set("c/2", { id: "c/2", title: "Other", turns: [{ ...turn, question: "other question" }] });
    server.conversations = [
      { id: "c/2", title: "Other", updatedAt: "2026-01-01T00:00:00Z" },
      { id: "c1", title: "First", updatedAt: new Date().toISOString() },
    ];

    await page.reload();
    await page.getByRole("heading", { name: "first question" }).waitFor();
    await page.getByRole("heading", { level: 1, name: "First" }).waitFor();
    await page.locator('a[aria-current="page"]', { hasText: "First" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Earlier conversations" }).getByRole("link").allTextContents()).toEqual([
      "First",
      "Other",
    ]);

    await page.getByRole("link", { name: "Other" }).press("Enter");
    await page.getByRole("heading", { name: "other question" }).waitFor();
    await expect.poll(() => page.locator("[aria-current=page]").allTextContents()).toEqual(["Other"]);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Other");
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "other question" }).waitFor();
  });

  it("says so when the address names a conversation that is not there", async () => {
    await page.goto(`${server.url}/#/c/gone`);

    await page.locator(".problem", { hasText: "This conversation is not here" }).getByRole("button", { name: "New conversation" }).click();

    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
  });

  it("renders hostile text as text", async () => {
    const text = [
      '<img src=x onerror="alert(1)"> <script>alert(2)</script>',
      "[a](javascript:alert(3)) [b](data:text/html,x) ![c](https://evil.example/p.png) [d](https://good.example/)",
    ].join("\n\n");
    const hostile = { type: "chart", title: "<b>x</b>", spec: {}, alt: "<i>alt</i>", image: "https://evil.example/c.png" } as const;
    page.on("dialog", (dialog) => opened.complaints.push(dialog.message()));
    server.next(({ final }) => final(answer({ text, blocks: [hostile, COSTS], notice: "<b>n</b>", suggestions: ["<u>s</u>"] })));
    await ask("<script>alert(4)</script>");
    await ready();

    const turn = page.locator(".turn");
    expect(await turn.locator("img, script, b, i, u").count()).toBe(0);
    expect(await turn.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))).toEqual([
      "https://good.example/",
    ]);
    expect(await turn.locator("a").getAttribute("rel")).toBe("noopener noreferrer");
    expect(await turn.textContent()).toContain('<img src=x onerror="alert(1)">');
  });

  it("fits a phone: no sideways scrolling, and the list opens over the page", async () => {
    const phone = await opened.open();
    await phone.setViewportSize({ width: 360, height: 740 });
    server.next(({ final }) =>
      final(answer({ text: `${"word ".repeat(40)}${"x".repeat(200)}`, blocks: [COSTS, CHART], receipts: RECEIPTS })),
    );
    await phone.goto(server.url);
    await phone.getByRole("textbox", { name: "Your question" }).fill("costs");
    await phone.keyboard.press("Enter");
    await phone.getByText("Show the maths").click();

    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await phone.getByRole("button", { name: "Conversations" }).click();
    await phone.getByRole("complementary", { name: "Conversations" }).waitFor();
    expect(await phone.evaluate("document.activeElement.id")).toBe("new-conversation");
    await phone.keyboard.press("Escape");
    await phone.getByRole("complementary", { name: "Conversations" }).waitFor({ state: "hidden" });
    expect(await phone.evaluate("document.activeElement.id")).toBe("sidebar-toggle");
  });

  it("sets each message in its own direction", async () => {
    server.next(({ final }) => final(answer({ text: "بلغت التكلفة" })));
    await ask("ما هي التكلفة؟");
    await ready();

    const directions = [await style(".question", "direction"), await style(".prose", "direction"), await style(".actions", "direction")];
    expect(directions).toEqual(["rtl", "rtl", "ltr"]);
  });

  it("lists what can be asked in words for people, and takes an example into the box", async () => {
    server.tools = [
      {
        name: "pareto",
        title: "Pareto",
        description: "The few that make most. Use it for 80/20 questions.",
        examples: ["Pareto of costs"],
        command: { name: "pareto", hint: "by [dimension]" },
      },
      { name: "doctor", title: "Doctor", description: "Checks connections.", examples: [] },
    ];

    await page.getByRole("button", { name: "What can I ask?" }).click();
    await page.getByText("/pareto by [dimension]").waitFor();
    await page.getByText("The few that make most.", { exact: true }).waitFor();
    await page.getByRole("searchbox", { name: "Find" }).fill("few MOST");
    await page.getByText("1 of 2").waitFor();
    expect(await page.getByRole("heading", { name: "Doctor" }).isVisible()).toBe(false);
    await page.getByRole("button", { name: "Pareto of costs" }).click();

    expect(await box().inputValue()).toBe("Pareto of costs");
    expect(server.asked).toEqual([]);
  });
});

const COSTS = {
  type: "table",
  title: "Cost by service",
  columns: [
    { label: "Service", type: "text" },
    { label: "Cost", type: "money", unit: "USD" },
    { label: "Share", type: "percent" },
  ],
  rows: [
    ["Amazon S3", 10, 0.008],
    ["Amazon EC2", 1200.5, 0.992],
    ["<img src=x onerror=alert(1)>", null, null],
  ],
} as const;

const CHART = {
  type: "chart",
  title: "Cost by service",
  spec: {},
  alt: "Amazon EC2 makes 83 percent.",
  image: "/api/v1/charts/1.png?sig=1",
} as const;

const RECEIPTS = Array.from({ length: 60 }, (_, at) => ({
  id: `r${at}`,
  source: `bill ${at}`,
  query: "sum of cost by service",
  window: { from: "2026-10-01", to: "2026-10-31" },
  fetchedAt: new Date().toISOString(),
  status: at === 3 ? ("stale" as const) : ("live" as const),
  ...(at === 0 ? { provisional: "2026-10-30", truncated: "first 1,000 rows" } : {}),
  ...(at === 1 ? { url: "https://billing.example/1" } : {}),
  ...(at === 2 ? { url: "javascript:alert(1)" } : {}),
}));

function answer(parts: Partial<Answer>): Answer {
  return {
    conversation: "c1",
    turn: "t1",
    text: "Answer.",
    blocks: [],
    receipts: [],
    tools: [],
    agent: "deterministic",
    suggestions: [],
    ...parts,
  };
}
