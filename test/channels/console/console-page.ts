import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { type ConsoleServer, startConsole } from "./console-server.ts";

/** The browser itself reports each failed request; that is the subject of some tests and no fault of the page. */
const FAILED_REQUEST = /^Failed to load resource: (?:the server responded with a status of 4|net::ERR_)/;

/** What goes wrong in a page: what its console says, and whom it asks besides its own server. */
export interface Watched {
  complaints: string[];
  foreign: string[];
}

export function watch(page: Page, origin: string, { complaints, foreign }: Watched, ignored?: RegExp): void {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !ignored?.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) foreign.push(request.url());
  });
}

export interface ConsolePage extends Watched {
  server: ConsoleServer;
  context: BrowserContext;
  page: Page;
  /** One more page of the same browser, watched as the first. */
  open(): Promise<Page>;
  /** Fails when a page complained or asked elsewhere, or the server was asked for what it does not have. */
  close(): Promise<void>;
}

/** The console of a scripted API, and a blank page in a browser that has nothing of it yet. */
export async function openConsolePage(browser: Browser | null, options: BrowserContextOptions): Promise<ConsolePage> {
  if (!browser) throw new Error("no browser");
  const server = await startConsole();
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const watched: Watched = { complaints: [], foreign: [] };
  async function open(): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    watch(page, server.url, watched, FAILED_REQUEST);
    return page;
  }
  async function close(): Promise<void> {
    await context.close();
    await server.close();
    expect(watched).toEqual({ complaints: [], foreign: [] });
    expect(server.unexpected).toEqual([]);
  }
  return { ...watched, server, context, page: await open(), open, close };
}
