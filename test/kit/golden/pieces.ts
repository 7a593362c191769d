import type { Receipt } from "../../../src/core/fact.ts";
import type { Block, ChartBlock, PlainChart, Reply } from "../../../src/core/reply.ts";
import { aReceipt } from "../conversation.ts";

/** What the golden replies are made of. */

export const WORDS = "The bill of October grew because compute in the eastern region grew and nothing else did";

export function prose(characters: number): string {
  const sentence = `${WORDS}. `;
  return sentence
    .repeat(Math.ceil(characters / sentence.length))
    .slice(0, characters)
    .trim();
}

export function table(rows: number, columns: number, cell = "value"): Block {
  return {
    type: "table",
    title: "Cost by service",
    columns: Array.from({ length: columns }, (_, i) => ({ label: `column ${i}`, type: i % 2 ? ("number" as const) : ("text" as const) })),
    rows: Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => (c % 2 ? r * c : `${cell} ${r}`))),
  };
}

export const chart: ChartBlock = { type: "chart", title: "Cost per day", spec: {}, alt: "Cost rose from $10 to $20." };

/** The figures of a chart, as tools give them beside the picture. */
export function plainChart(categories: number, values: (category: number) => number | null, fields: Partial<PlainChart> = {}): ChartBlock {
  const names = Array.from({ length: categories }, (_, i) => `Nov ${i + 1} 2026`);
  const series = [{ name: "cost", values: names.map((_, i) => values(i)) }];
  return {
    type: "chart",
    title: "Cost per day",
    spec: {},
    alt: "Cost rose from $10 to $20.",
    plain: { kind: "line", unit: "USD", categories: names, series, ...fields },
  };
}

export const services = (count: number, name = (i: number) => `service ${i}`) =>
  plainChart(count, (i) => 1_000 / (i + 1), { kind: "bar", categories: Array.from({ length: count }, (_, i) => name(i)) });
export const turn = {
  id: "t1",
  conversation: "c1",
  agent: "deterministic" as const,
  tools: [{ name: "get_costs", input: { by: "service" } }],
};
export const markdownTable = "| service | cost |\n| --- | --- |\n| EC2 | 10 |\n| S3 | 4 |";
export const receipts = (count: number): Receipt[] =>
  Array.from({ length: count }, (_, i) =>
    aReceipt({ id: `r${i}`, query: prose(900), notes: [prose(300)], url: `https://bill.example/${i}?a=1&b=2` }),
  );

export function final(text: string, blocks: readonly Block[] = [], fields: Partial<Reply> = {}): Reply {
  return {
    text,
    blocks,
    receipts: [aReceipt()],
    suggestions: ["And by region?"],
    notice: "Answered without a language model.",
    final: true,
    turn,
    ...fields,
  };
}
