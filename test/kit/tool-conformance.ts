import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { FEED_KINDS, type RecordQuery } from "../../src/core/feed.ts";
import { ROLES } from "../../src/core/message.ts";
import { findTimePhrase } from "../../src/core/period-phrases.ts";
import type { Finding, Tool, ToolContext } from "../../src/core/tool.ts";
import { UserError } from "../../src/errors.ts";
import { expectCompleteReceipts, expectSoundFacts } from "./receipts.ts";

/** What a tool is tried with, besides what its definition alone must keep. */
export interface ToolCases {
  /** Called once; `context` is what the good and bad inputs run in. */
  start?(): Promise<{ context: ToolContext; stop?(): Promise<void> }>;
  /** Inputs that are answered. `figures: false` for an answer without any number of a source. */
  good: readonly { name: string; input: Record<string, unknown>; figures?: boolean }[];
  /** Inputs that are refused in words that help: `says` is the near name, or what there is. */
  bad: readonly { name: string; input: Record<string, unknown>; says: RegExp }[];
  /** Gives its largest answer: several hundred groups with long names. */
  wide?: { input: Record<string, unknown>; context: ToolContext };
  context?: ToolContext;
  /** It asks sources, so it must stop when its signal aborts. */
  reads: boolean;
}

const DAY = "2026-11-21";
const PLACEHOLDERS = new Set(["{measure}", "{dimension}", "{period}", "{value}"]);
/** An order, or a word in capitals that is not a name of something. */
const ORDERS =
  /\b(?:you (?:must|should|need|have to)|must|always|do not|don't|make sure|remember to|IMPORTANT|NEVER|ALWAYS|CRITICAL|WARNING|NOTE)\b/;
/** A dump: a line that begins as JSON does, two keys with their values in a row, or what JavaScript makes of an object. */
const RAW_JSON = /^\s*[{[]\s*["{[]|(?:"\w+"\s*:\s*[^,{}]+,\s*){2,}|\\n|\[object /m;
const CONTENT_LIMIT = 8_000;

/** What a definition must keep, whatever it does; for tools of an integration too. Each throws when it does not. */
export const DEFINITION_CHECKS: readonly { name: string; check(tool: Tool): void }[] = [
  {
    name: "is named in snake_case and titled",
    check(tool) {
      expect(tool.name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
      expect(tool.title).toMatch(/^[A-Z]/);
      expect(tool.title.length).toBeLessThanOrEqual(40);
    },
  },
  {
    name: "says what it gives and when to use it, in product text without orders",
    check({ description }) {
      expect(description.length).toBeLessThanOrEqual(600);
      expect(description).toMatch(/\b[Uu]se it\b|\bwhen\b/);
      expect(description).toMatch(/[.]$/);
      expect(description).not.toMatch(ORDERS);
      expect(description).not.toMatch(/\b[A-Z]{6,}\b/);
    },
  },
  {
    name: "has examples people would type, each once, whose time and placeholders are understood",
    check({ examples }) {
      expect(examples.length).toBeGreaterThanOrEqual(3);
      expect(new Set(examples.map((e) => e.toLowerCase())).size).toBe(examples.length);
      for (const example of examples) {
        expect(example.trim()).toBe(example);
        expect(example.length).toBeLessThanOrEqual(140);
        for (const placeholder of example.match(/\{[^}]*\}/g) ?? []) expect(PLACEHOLDERS).toContain(placeholder);
        expect(() => findTimePhrase(example, DAY)).not.toThrow();
      }
    },
  },
  {
    name: "says read or write, and who may",
    check(tool) {
      expect(["read", "write"]).toContain(tool.effect);
      expect(ROLES).toContain(tool.role);
      // What is one's own, anyone may have deleted.
      if (tool.effect === "write" && tool.name !== "forget_me") expect(tool.role).not.toBe("viewer");
      for (const kind of [tool.reads ?? []].flat()) expect(FEED_KINDS).toContain(kind);
      if (tool.command) expect(tool.command).toMatchObject({ name: expect.stringMatching(/^[a-z]+$/), hint: expect.any(String) });
    },
  },
  {
    name: "takes described fields, as JSON Schema too, and nothing else",
    check(tool) {
      const schema = z.toJSONSchema(tool.input, { io: "input" }) as {
        properties?: Record<string, unknown>;
        additionalProperties?: unknown;
      };

      for (const name of Object.keys(tool.input.shape)) {
        expect(name).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
        expect((schema.properties?.[name] as { description?: string } | undefined)?.description ?? "", name).toMatch(/\w.{8,}/);
      }
      expect(schema.additionalProperties).toBe(false);
      expect(tool.input.safeParse({ no_such_field: 1 }).success).toBe(false);
      if (tool.output) expect(() => z.toJSONSchema(tool.output ?? z.never(), { io: "output" })).not.toThrow();
    },
  },
];

/** Puts a tool through what every tool must keep. */
export function testTool(tool: Tool, cases: ToolCases): void {
  describe(`the tool ${tool.name}`, () => {
    let running: { context: ToolContext; stop?(): Promise<void> } | undefined;
    beforeAll(async () => {
      running = cases.start ? await cases.start() : cases.context && { context: cases.context };
    });
    afterAll(() => running?.stop?.());

    async function run(input: Record<string, unknown>, change: Partial<ToolContext> = {}): Promise<Finding> {
      if (!running) throw new Error("the cases have no context");
      return tool.run(tool.input.parse(input), { ...running.context, ...change });
    }

    test.each(DEFINITION_CHECKS)("$name", ({ check }) => check(tool));

    test.each(cases.good)("answers: $name", async ({ input, figures = true }) => {
      const finding = await run(input);

      expectProductText(finding);
      if (tool.output) expect(tool.output.safeParse(finding.data).error?.issues ?? []).toEqual([]);
      expect(JSON.parse(JSON.stringify(finding.data ?? null))).toEqual(finding.data ?? null);
      if (figures) {
        expectCompleteReceipts(finding.receipts);
        expectSoundFacts(finding.facts ?? [], false);
      }
    });

    test.each(cases.bad)("refuses: $name", async ({ input, says }) => {
      const parsed = tool.input.safeParse(input);
      const error = parsed.success
        ? await run(input).then(
            () => undefined,
            (reason: unknown) => reason,
          )
        : parsed.error;

      expect(error).toBeInstanceOf(parsed.success ? UserError : z.ZodError);
      expect((error as Error).message).toMatch(says);
    });

    const { wide } = cases;
    if (wide)
      test("keeps its largest answer short for the model", async () => {
        const finding = await run(wide.input, wide.context);

        expect(finding.content.length).toBeLessThanOrEqual(CONTENT_LIMIT);
        expect(finding.content).toMatch(/\d+ more|others/);
        expectProductText(finding);
      });

    if (cases.reads)
      test("stops when its signal aborts, before and while it reads", async () => {
        const input = cases.good[0]?.input ?? {};
        const before = AbortSignal.abort();
        await expect(run(input, { signal: before, feeds: abortable(running?.context, before) })).rejects.toThrow();

        const during = new AbortController();
        const feeds = abortable(running?.context, during.signal, () => during.abort());
        await expect(run(input, { signal: during.signal, feeds })).rejects.toThrow();
      });
  });
}

/** The first block is the answer in words; everything is text a person could be shown. */
function expectProductText(finding: Finding): void {
  const [first] = finding.blocks;
  expect(first?.type).toBe("markdown");
  expect(first?.type === "markdown" ? first.text.trim() : "").not.toBe("");
  const texts = [
    finding.content,
    ...finding.blocks.flatMap((b) => (b.type === "markdown" ? [b.text] : [])),
    ...(finding.suggestions ?? []),
  ];
  for (const text of texts) {
    expect(text).not.toMatch(RAW_JSON);
    expect(text).not.toMatch(/\bundefined\b|\bNaN\b|\bInfinity\b|\bnull\b|�/);
  }
  for (const block of finding.blocks) {
    if (block.type === "chart") expect(block.alt.length).toBeGreaterThan(20);
    if (block.type === "table") for (const row of block.rows) expect(row).toHaveLength(block.columns.length);
  }
}

/** The same feeds, which answer a query only while the signal they are given does not abort, as those of a vendor. */
function abortable(context: ToolContext | undefined, expected: AbortSignal, onQuery: () => void = () => {}): ToolContext["feeds"] {
  return (context?.feeds ?? []).map((feed) => ({
    ...feed,
    async describe(signal) {
      expect(signal).toBe(expected);
      signal.throwIfAborted();
      return feed.describe(signal);
    },
    async query(query, signal) {
      expect(signal).toBe(expected);
      onQuery();
      signal.throwIfAborted();
      return feed.query(query, signal);
    },
    ...(feed.records
      ? {
          async records(query: RecordQuery, signal: AbortSignal) {
            expect(signal).toBe(expected);
            onQuery();
            signal.throwIfAborted();
            return (await feed.records?.(query, signal)) ?? { records: [], receipts: [] };
          },
        }
      : {}),
  }));
}
