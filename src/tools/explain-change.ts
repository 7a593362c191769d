import { z } from "zod";
import { type Amounts, backwards, excess } from "../analytics/explain/amounts.ts";
import { type Cause, rankCauses } from "../analytics/explain/rank-causes.ts";
import { riseOf, scoreSlices } from "../analytics/explain/score-slices.ts";
import { smallestSet } from "../analytics/explain/smallest-set.ts";
import { parameters } from "../core/parameters.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { whenBegan } from "./explain-change-began.ts";
import { type ChangeReading, readChange } from "./explain-change-cube.ts";
import { eventsNear } from "./explain-change-events.ts";
import { changeFinding } from "./explain-change-words.ts";
import { ownerOf } from "./measure-owner.ts";
import { sameName } from "./same-name.ts";

const slice = z.object({
  slice: z.record(z.string(), z.string()),
  before: z.number(),
  after: z.number(),
  change: z.number(),
  share: z.number().nullable().describe("Part of the net change; null without one."),
});
const alternative = slice.extend({ confidence: z.enum(["high", "medium", "low"]) });

const explainChangeOutput = z.object({
  measure: z.string(),
  unit: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  comparePeriod: z.object({ from: z.string(), to: z.string() }),
  before: z.number(),
  after: z.number(),
  change: z.number(),
  direction: z.enum(["rise", "fall", "none"]),
  slices: z.array(slice).describe("The fewest slices without a common row that hold most of the change."),
  days: z
    .object({ now: z.number(), before: z.number(), change: z.number(), share: z.number().nullable() })
    .optional()
    .describe("The part of the change that periods of unequal length make; shares of slices are beyond it."),
  explained: z.number().nullable(),
  unexplained: z.number().nullable(),
  against: z.array(slice).describe("What moved the other way."),
  alternatives: z.array(alternative).describe("Other readings, likeliest first."),
  began: z.object({ day: z.string(), before: z.number(), after: z.number() }).optional(),
  candidates: z.array(
    z.object({
      kind: z.string(),
      title: z.string(),
      at: z.string(),
      hoursBefore: z.number().nullable(),
      shared: z.array(z.string()),
      url: z.string().optional(),
    }),
  ),
  confidence: z.enum(["high", "medium", "low"]),
  reasons: z.array(z.string()),
  missing: z.array(z.string()),
});

export type ChangeOutput = z.output<typeof explainChangeOutput>;

export const explainChange = defineTool({
  name: "explain_change",
  title: "Explain a change",
  description:
    "Says what is behind a rise or fall of a measure against an earlier period: the fewest slices that hold it, over all dimensions together, the day it began, and which deployments, pull requests, incidents and tickets came before that day. Use it when someone asks why something went up or down. It never calls what came before a cause.",
  examples: [
    "Why did our cloud costs go up last month?",
    "Explain the rise in spend last week",
    "Why is {measure} down {period}?",
    "root cause of the cost increase in October",
    "What caused the jump in our bill?",
    "Why do we pay so much for {value}?",
    "what is the reason for the spike in our costs last week?",
    "why are we paying more?",
    "what is behind the increase in {measure}?",
    "what happened to the bill?",
    "explain the jump in {value} costs",
    "why has {measure} fallen?",
    "why is {measure} so high {period}?",
    "what drove the change in {measure}?",
    "how come {measure} dropped {period}?",
    "what explains the rise of {measure}?",
    "what caused the drop in {measure}?",
    "where does the increase in cost come from?",
    "why did {value} get so expensive?",
  ],
  effect: "read",
  always: true,
  role: "viewer",
  command: { name: "explain", hint: "[measure] [period] [vs period] [by DIMENSION]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    by: parameters.by.describe("Explain by these dimensions alone; by all there are unless given."),
    filter: parameters.filter,
    period: parameters.period,
    compare: parameters.compare.describe("What to compare with; the period before unless given."),
  }),
  output: explainChangeOutput,

  async run(input, context) {
    const dataset = input.dataset ?? (await otherOwner(input, context));
    const by = input.by === undefined ? [] : typeof input.by === "string" ? [input.by] : input.by;
    const kind = dataset ? undefined : (input.feed ?? "costs");
    const reading = await readChange({ ...input, dataset, by, compare: input.compare ?? "previous" }, kind, context);
    const decomposed = decompose(reading);
    const main = decomposed.chosen[0]?.slice;
    const began = await whenBegan(reading, main ?? {}, decomposed.rise, context);
    const words = [...Object.values(main ?? {}), ...filterValues(input.filter)];
    const events = await eventsNear({ ...(began.began ? { began: began.began.day } : {}), window: reading.period, words }, context);
    return changeFinding(reading, decomposed, began, events);
  },
});

/** A part of a change, before and after as they happened. */
export interface ChangePart {
  slice: Readonly<Record<string, string>>;
  before: number;
  after: number;
}

export interface Decomposed {
  rise: boolean;
  chosen: readonly ChangePart[];
  /** What moved the other way, the largest first. */
  against: readonly ChangePart[];
  alternatives: readonly (ChangePart & { confidence: Cause["confidence"] })[];
  /** Of the first chosen; undefined when no slice stands out. */
  first?: Cause;
}

const MOST_ALTERNATIVES = 3;
const ALTERNATIVES_LOOKED_AT = 12;
/** What moved the other way is told when it is this part of what moved this way. */
const TOLD_AGAINST = 0.2;

function decompose(reading: ChangeReading): Decomposed {
  const { stretch } = reading;
  const rise = reading.whole.after >= reading.whole.before * stretch;
  const cube = reading.cube(!rise);
  const scale = reading.scale(!rise);
  const scored = scoreSlices(cube, scale);
  const named = (attributes: readonly number[], values: readonly string[]) =>
    Object.fromEntries(attributes.map((a, i) => [cube.attributes[a] ?? "", values[i] ?? ""]));
  const chosen = smallestSet(scored, Math.max(excess(cube.whole, scale), 0) || riseOf(cube, scale), scale).map(({ judged, cell }) => ({
    slice: named(judged.attributes, cell.values),
    ...asItHappened(cell, rise, stretch),
  }));
  const causes = rankCauses(cube, scale, ALTERNATIVES_LOOKED_AT);
  const told = new Set(chosen.map(amountsKey));
  const alternatives: (ChangePart & { confidence: Cause["confidence"] })[] = [];
  for (const cause of causes) {
    const part = { slice: cause.slice, ...asItHappened(cause.amounts, rise, stretch), confidence: cause.confidence };
    if (told.has(amountsKey(part)) || alternatives.length >= MOST_ALTERNATIVES) continue;
    told.add(amountsKey(part));
    alternatives.push(part);
  }
  const [first] = causes;
  return { rise, chosen, against: movedAgainst(reading, rise, riseOf(cube, scale)), alternatives, ...(first ? { first } : {}) };
}

function movedAgainst(reading: ChangeReading, rise: boolean, moved: number): ChangePart[] {
  const cube = reading.cube(rise);
  const scale = reading.scale(rise);
  if (riseOf(cube, scale) < TOLD_AGAINST * moved || moved <= 0) return [];
  return rankCauses(cube, scale, 1).map((cause) => ({ slice: cause.slice, ...asItHappened(cause.amounts, !rise, reading.stretch) }));
}

/** As it was before it was turned round and stretched to as many days. */
function asItHappened(amounts: Amounts, rise: boolean, stretch: number): { before: number; after: number } {
  const { before, after } = rise ? amounts : backwards(amounts);
  return { before: before / stretch, after };
}

/** Two wordings of the same rows have the same amounts. */
function amountsKey({ before, after }: ChangePart): string {
  return `${before.toPrecision(9)} ${after.toPrecision(9)}`;
}

function filterValues(filter: Readonly<Record<string, string | readonly string[]>> | undefined): string[] {
  return Object.values(filter ?? {}).flat();
}

/** Where a measure is that no cost has. undefined: the costs are meant. */
async function otherOwner(
  input: { measure?: string | undefined; feed?: string | undefined },
  context: ToolContext,
): Promise<string | undefined> {
  const { measure } = input;
  if (measure === undefined || input.feed !== undefined || context.feeds.every((feed) => feed.kind === "costs")) return undefined;
  const costs = context.feeds.filter((feed) => feed.kind === "costs");
  const described = await Promise.all(costs.map((feed) => feed.describe(context.signal, "names").catch(() => undefined)));
  context.signal.throwIfAborted();
  const has = described.some((about) => about?.measures.some((m) => sameName(m.name, measure)));
  return has ? undefined : ownerOf(measure, context);
}
