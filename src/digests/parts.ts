import type { RecordedCall } from "../core/agent.ts";
import type { Receipt } from "../core/fact.ts";
import type { ChartBlock, Reply, TableBlock } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import { type Finding, hasItsFeeds, type ToolContext } from "../core/tool.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { explainError, UserError, VendorError } from "../errors.ts";

/** The tools a digest is made of, run side by side. One that fails or is late is named and leaves the others. */
export interface Parts {
  /** undefined: not connected, or it failed and is named in `failures`. Never throws, unless the whole digest is being stopped. */
  ask(part: string, tool: string, input: Readonly<Record<string, unknown>>): Promise<Finding | undefined>;
  /** The same for a part nobody misses: where the tool has nothing to say, it is left out without a word. */
  askIfAny(part: string, tool: string, input: Readonly<Record<string, unknown>>): Promise<Finding | undefined>;
  /** Calls that were answered, in the order they ended; those of `last` stand at the end. */
  calls(last?: Finding): readonly RecordedCall[];
  receipts(): readonly Receipt[];
  /** Parts that failed, with the reason in our words. */
  readonly failures: readonly { part: string; reason: string }[];
  /** Throws when nothing was answered: VendorError when sources failed, else UserError that says what is missing. */
  requireAny(what: string): void;
}

/** A digest is awaited at its minute: a source that has not answered by then is told as missing. */
const PART_MS = 45_000;

export function createParts(context: ToolContext, partMs = PART_MS): Parts {
  const answered: { call: RecordedCall; finding: Finding }[] = [];
  const failures: { part: string; reason: string; error: unknown }[] = [];

  async function run(part: string, name: string, input: Readonly<Record<string, unknown>>, needed: boolean) {
    const tool = context.tools.find((t) => t.name === name);
    if (!tool || !hasItsFeeds(tool, context.feeds)) return undefined;
    const began = performance.now();
    const late = AbortSignal.timeout(partMs);
    const signal = AbortSignal.any([context.signal, late]);
    try {
      const finding = await untilAborted(tool.run(tool.input.parse(input), { ...context, signal }), signal);
      const call = { call: { name, input }, durationMs: Math.round(performance.now() - began), outcome: { finding } };
      answered.push({ call, finding });
      return finding;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!needed && error instanceof UserError) return undefined;
      failures.push({ part, error, reason: late.aborted ? "it took too long" : explainError(error) });
      return undefined;
    }
  }

  return {
    ask: (part, tool, input) => run(part, tool, input, true),
    askIfAny: (part, tool, input) => run(part, tool, input, false),
    calls: (last) => [...answered].sort((a, b) => Number(a.finding === last) - Number(b.finding === last)).map(({ call }) => call),
    receipts: () => unique(answered.flatMap(({ finding }) => finding.receipts)),
    failures,
    requireAny(what) {
      if (answered.length > 0) return;
      const [first] = failures;
      if (!first)
        throw new UserError(`Nothing is connected that a ${what} could be made of. \`firstmate doctor\` says what turns sources on.`);
      const vendor = failures.find(({ error }) => !(error instanceof UserError)) ?? first;
      if (vendor.error instanceof UserError) throw vendor.error;
      throw new VendorError(vendor.part, `No part of the ${what} could be read: ${vendor.reason}`, { cause: vendor.error });
    },
  };
}

/** Each source and question once. */
export function unique(receipts: readonly Receipt[]): Receipt[] {
  const seen = new Set<string>();
  return receipts.filter(({ source, query }) => {
    const key = `${source} ${query}`;
    return !seen.has(key) && seen.add(key);
  });
}

export function tablesOf(finding: Finding | undefined): TableBlock[] {
  return (finding?.blocks ?? []).filter((block) => block.type === "table");
}

/** The first table, under a name that says what it is beside others. */
export function titled(finding: Finding | undefined, title: string): TableBlock[] {
  return tablesOf(finding)
    .slice(0, 1)
    .map((table) => ({ ...table, title }));
}

export function chartOf(finding: Finding | undefined): ChartBlock | undefined {
  return finding?.blocks.find((block) => block.type === "chart");
}

/** One line that names what is not in the digest; empty when all is. */
export function missingLine({ failures }: Parts): string[] {
  if (failures.length === 0) return [];
  const [only] = failures;
  if (failures.length === 1 && only) return [`_Missing: ${only.part} (${only.reason.replace(/\.$/, "")})._`];
  return [`_Missing: ${listWords(failures.map(({ part }) => part))}; the reasons are in the thread._`];
}

/** For the thread: the tables, and why what is missing is missing. */
export function detailsOf(parts: Parts, tables: readonly TableBlock[]): Reply {
  const failed = parts.failures.map(({ part, reason }) => `- ${part}: ${reason}`);
  return {
    text: ["**Details**", ...(failed.length ? ["Could not be read:", ...failed] : [])].join("\n"),
    blocks: tables,
    receipts: parts.receipts(),
    final: true,
  };
}
