import type { z } from "zod";
import { pareto } from "../../analytics/pareto.ts";
import { civilDate } from "../../core/civil-date.ts";
import type { Period, Receipt } from "../../core/fact.ts";
import type { FeedKind } from "../../core/feed.ts";
import { lastCompleteDays } from "../../core/period.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { ToolContext } from "../../core/tool.ts";
import { explainError, UserError, VendorError } from "../../errors.ts";
import { receiptLine } from "../result.ts";

/** What one resource is put together from: tools and records, with where they are from and what was not to be had. */
export class Reading {
  readonly context: ToolContext;
  /** Key of the answer → why it is null. */
  readonly missing: Record<string, string> = {};
  readonly #sources = new Set<string>();

  constructor(context: ToolContext) {
    this.context = context;
  }

  get sources(): string[] {
    return [...this.#sources];
  }

  get today(): string {
    return civilDate(this.context.now, this.context.user.timeZone);
  }

  lastDays(days: number): Period {
    return lastCompleteDays(days, this.today);
  }

  /** Notes why these keys are null. For what no source tells, and nobody should guess. */
  lacks(why: string, ...keys: string[]): null {
    for (const key of keys) this.missing[key] = why;
    return null;
  }

  /** The data of a tool, the fields of the schema; null, and noted under `key`, where it cannot answer. */
  async ask<T>(key: string, name: string, input: Readonly<Record<string, unknown>>, schema: z.ZodType<T>): Promise<T | null> {
    const tool = this.context.tools.find((t) => t.name === name);
    if (!tool) return this.lacks("nothing is connected that knows it", key);
    return this.#attempt(key, async () => {
      const { data, receipts } = await tool.run(tool.input.parse(input), this.context);
      this.#note(receipts);
      return schema.parse(data);
    });
  }

  /** Records of a kind of every source that has them; null, and noted, where there is none. */
  async records(key: string, kind: FeedKind, period?: Period): Promise<FeedRecord[] | null> {
    const feeds = this.context.feeds.filter((feed) => feed.kind === kind && feed.records);
    if (feeds.length === 0) return this.lacks(`no source of ${kind} is connected`, key);
    const parts: FeedRecord[][] = [];
    for (const feed of feeds) {
      const part = await this.#attempt(`${key} of ${feed.name}`, async () => {
        const answer = await feed.records?.(period ? { period } : {}, this.context.signal);
        this.#note(answer?.receipts ?? []);
        return [...(answer?.records ?? [])];
      });
      if (part) parts.push(part);
    }
    return parts.length ? parts.flat() : this.lacks(`no source of ${kind} answered`, key);
  }

  /** Facts of one feed, added up; null, and noted, where it fails. */
  async facts(key: string, feed: ToolContext["feeds"][number], query: Parameters<typeof feed.query>[0]) {
    return this.#attempt(key, async () => {
      const { facts, receipts } = await feed.query(query, this.context.signal);
      this.#note(receipts);
      return facts;
    });
  }

  async #attempt<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.context.signal.throwIfAborted();
      if (error instanceof UserError || error instanceof VendorError) return this.lacks(explainError(error), key);
      throw error;
    }
  }

  #note(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) this.#sources.add(receiptLine(receipt).slice(2));
  }
}

/** The vital few of disjoint amounts: the smallest set that makes 80 %, never a fixed fifth. null without amounts. */
export function paretoOf(amounts: readonly { label: string; value: number }[], unit: string) {
  const { items, total, n, itemsTo80, top20Share, tooFew } = pareto(amounts);
  if (n === 0) return null;
  return {
    unit,
    total,
    n,
    smallest_for_80: itemsTo80,
    top_20_percent_share: top20Share,
    is_80_20: !tooFew && top20Share >= 0.8,
    ...(tooFew ? { note: `Only ${n}: too few to speak of 80/20.` } : {}),
    items: items.map(({ label, value, share, cumulativeShare }) => ({ label, value, share, cumulative_share: cumulativeShare })),
  };
}
export type ParetoAnswer = NonNullable<ReturnType<typeof paretoOf>>;

export function paretoWords(what: string, pareto: ParetoAnswer | null): string | null {
  if (!pareto) return null;
  const { smallest_for_80: few, n, note } = pareto;
  return `${few} of ${n} ${what} make 80 %.${note ? ` ${note}` : pareto.is_80_20 ? "" : " This is not an 80/20 case."}`;
}

/** "region is Europe" → "region-is-europe". */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
