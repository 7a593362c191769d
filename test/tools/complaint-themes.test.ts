import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { complaintThemes } from "../../src/tools/complaint-themes.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, failing, refusalOf, run, tableOf, wordsOf } from "./world.ts";

const TEXTS = [
  ["Parcel lost again", "The courier left our parcel at the wrong depot. Call +49 170 1234567", "delivery"],
  ["Courier late", "Parcel tracking says the courier comes, and no courier comes to the depot", "delivery"],
  ["Refund missing", "The invoice was paid by card twice and the refund is missing, mail me@x.example", "billing"],
  ["Wrong invoice", "Invoice shows the wrong tax; please refund the card payment", "billing"],
  ["How do I change the password?", "Where is the password page for my login account", "identity"],
] as const;

function ticket(i: number, month: string, text: (typeof TEXTS)[number], customer: string | undefined): FeedRecord {
  const created = new Date(`2026-${month}-${String(1 + (i % 20)).padStart(2, "0")}T09:00:00Z`);
  const labels = { priority: text[2] === "billing" ? "urgent" : "normal", service: text[2], ...(customer ? { customer } : {}) };
  return { id: `T-${month}-${i}`, at: created, title: text[0], text: text[1], labels, numbers: {}, times: { created } };
}

const CUSTOMERS: FeedRecord[] = ["C-1", "C-2"].map((id, i) => {
  const started = new Date("2025-03-01");
  return { id, at: started, labels: { account: id }, numbers: { mrr: 100 + 300 * i }, times: { started } };
});

/** 60 tickets in October, a third of them about deliveries; 90 in November, when deliveries are most. */
const TICKETS = [
  ...Array.from({ length: 60 }, (_, i) => ticket(i, "10", TEXTS[i % 5] ?? TEXTS[0], `C-${1 + (i % 2)}`)),
  ...Array.from({ length: 90 }, (_, i) => ticket(i, "11", TEXTS[i < 54 ? i % 2 : 2 + (i % 3)] ?? TEXTS[0], `C-${1 + (i % 2)}`)),
].sort((a, b) => (a.at?.getTime() as number) - (b.at?.getTime() as number));

const tickets = fixtureRecords("issues", TICKETS, ["service", "priority", "customer"]);
const customers = fixtureRecords("customers", CUSTOMERS, ["account"]);
const context = contextOf([tickets, customers]);
const NOVEMBER = { period: { from: "2026-11-01", to: "2026-11-20" } };

testTool(complaintThemes, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a period, an order and a top", input: { ...NOVEMBER, rank_by: "fixable", top: 1 } },
    { name: "one dataset", input: { dataset: "forge issues", rank_by: "volume" } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "forge isues" }, says: /Did you mean “forge issues”/ },
    { name: "an unknown filter", input: { filter: { sevice: "billing" } }, says: /Did you mean “service”/ },
    { name: "a period with too few", input: { period: "2026-10-01" }, says: /it takes at least 30/ },
    { name: "a period without any", input: { period: "2025" }, says: /no ticket with a text/ },
  ],
});

interface Data {
  tickets: number;
  other: number;
  themes: {
    words: string[];
    tickets: number;
    before: number;
    trend: string | null;
    urgency: number;
    revenue: number;
    worth: number;
    fixability: number;
    service: string;
    quotes: string[];
  }[];
}

describe("complaint themes", () => {
  it("count every ticket of the period once, with the period before beside", async () => {
    const finding = await run(complaintThemes, { ...NOVEMBER, rank_by: "volume" }, context);
    const { tickets: all, other, themes } = finding.data as Data;

    expect(all).toBe(90);
    expect(themes.reduce((sum, t) => sum + t.tickets, 0) + other).toBe(90);
    expect(themes.filter((t) => t.service === "delivery").reduce((sum, t) => sum + t.tickets, 0)).toBe(54);
    expect(themes.filter((t) => t.service === "delivery").every((t) => t.trend === "rising" || t.tickets < 10)).toBe(true);
    expect(wordsOf(finding)).toContain("90 tickets in 1–20 November 2026");
    expect(tableOf(finding).rows.length).toBe(themes.length + (other ? 1 : 0));
  });

  it("weigh by volume, urgency and revenue, by the formula they state", async () => {
    const { data } = await run(complaintThemes, NOVEMBER, context);
    const billing = (data as Data).themes.find((t) => t.service === "billing");

    expect(billing?.urgency).toBe(4);
    expect(billing?.revenue).toBe(500);
    const without = (await run(complaintThemes, NOVEMBER, contextOf([tickets]))) as { data: Data };
    const same = without.data.themes.find((t) => t.service === "billing");
    expect(same?.worth).toBeCloseTo((same?.tickets ?? 0) * 2);
    expect(same?.revenue).toBeNull();
  });

  it("have no trend where the period before is not all there", async () => {
    const late: typeof tickets = {
      ...tickets,
      async describe(signal, detail) {
        return { ...(await tickets.describe(signal, detail)), covers: { from: "2026-11-01", to: "2026-11-21" } };
      },
    };

    const finding = await run(complaintThemes, NOVEMBER, contextOf([late]));

    expect((finding.data as Data).themes.every((t) => t.trend === null)).toBe(true);
    expect(wordsOf(finding)).toContain("The data begins on 1 November 2026");
  });

  it("quote tickets as data, without addresses and numbers of people", async () => {
    const { data, content } = await run(complaintThemes, NOVEMBER, context);

    const quotes = (data as Data).themes.flatMap((t) => t.quotes);
    expect(quotes.join(" ")).toContain("[number]");
    for (const text of [...quotes, content]) expect(text).not.toMatch(/me@x|1234567/);
  });

  it("prefer tickets of customers to notes of engineers, and say what was left aside", async () => {
    const notes = {
      ...fixtureRecords(
        "issues",
        TICKETS.map((t) => ({ ...t, labels: { service: "x" } })),
      ),
      name: "board",
    };

    const finding = await run(complaintThemes, NOVEMBER, contextOf([notes, tickets]));

    expect(wordsOf(finding)).toContain("board is looked at when named");
  });

  it("go on without a source that fails, and refuse when it is the only one", async () => {
    const broken = { ...failing(tickets, "query"), name: "broken", records: () => Promise.reject(new Error("no")) };

    expect(wordsOf(await run(complaintThemes, NOVEMBER, contextOf([broken, tickets])))).toContain("Left out “broken”");
    await expect(run(complaintThemes, NOVEMBER, contextOf([broken]))).rejects.toThrow();
    expect((await refusalOf(run(complaintThemes, {}, contextOf([])))).message).toMatch(/No source|No connected source/);
  });
});
