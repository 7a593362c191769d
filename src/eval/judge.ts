import type { Cell, Reply } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import type { EvalCase } from "./case.ts";
import { type Figure, figuresIn, holds, shows } from "./figures.ts";
import { namedPeriod } from "./periods.ts";
import type { Truths } from "./truths.ts";

/**
 * right: everything expected and nothing forbidden. unanswered: it said that it could not, or asked back, where an answer was expected.
 * wrong: it answered with figures or claims that are not the ones: false confidence.
 */
export type Outcome = "right" | "unanswered" | "wrong";

export interface Judgement {
  outcome: Outcome;
  /** What it missed, in words; empty when right. */
  problems: readonly string[];
  /** Figures in the text, and how many of them a source stands behind. */
  figures: number;
  grounded: number;
}

export interface Heard {
  reply: Reply;
  /** Milliseconds from the question to the final reply. */
  ms: number;
}

const UNVERIFIED = /\(unverified\)/g;

/** Scores one answer without asking anybody: figures against the truth, words against patterns, tools and time against limits. */
export function judge(testCase: EvalCase, { reply, ms }: Heard, truths: Truths, today: string): Judgement {
  const { expect, forbid, tools, limit } = testCase;
  const seen = readReply(reply);
  const value = (figure: number | string) => (typeof figure === "number" ? figure : truths(figure));
  const used = reply.turn?.tools.map(({ name }) => name) ?? [];
  const problems = [
    ...missingFigures(expect.figures ?? [], value, seen),
    ...(expect.says ?? []).filter((p) => !pattern(p, truths).test(seen.all)).map((p) => `it does not say ${filled(p, truths)}`),
    ...windowProblem(expect.window, reply, today),
    ...statusProblem(expect.status, reply),
    ...(forbid.figures ?? [])
      .filter((f) => seen.figures.some((figure) => shows(figure, Number(value(f)))))
      .map((f) => `it tells ${f}, which is not the answer`),
    ...(forbid.says ?? []).filter((p) => pattern(p, truths).test(seen.text)).map((p) => `it says ${filled(p, truths)}`),
    ...(tools ? used.filter((name) => !tools.includes(name)).map((name) => `it used ${name}`) : []),
    ...(used.length > limit.calls ? [`it made ${used.length} calls`] : []),
    ...(ms > limit.seconds * 1000 ? [`it took ${(ms / 1000).toFixed(1)} s`] : []),
    ...answerProblem(expect.answer, seen, used),
  ];
  const receipts = reply.receipts?.length ?? 0;
  const unverified = reply.text.match(UNVERIFIED)?.length ?? 0;
  return {
    outcome: problems.length === 0 ? "right" : claims(seen, used) ? "wrong" : "unanswered",
    problems,
    figures: seen.figures.length,
    grounded: receipts > 0 ? Math.max(0, seen.figures.length - unverified) : 0,
  };
}

interface Seen {
  text: string;
  /** Text and tables. */
  all: string;
  figures: readonly Figure[];
  cells: readonly number[];
  /** It asks back or says that it cannot. */
  declines: boolean;
}

const DECLINES =
  /could not match|will not guess|which one do you mean|do you mean|which (?:one|project|of)|i only read|not connected|there is no|no connected|i do not know|cannot|can not|too (?:few|little)|nothing (?:is|was) connected|do not say|does not say|nothing of it was used|no document/i;

function readReply(reply: Reply): Seen {
  const blocks = reply.blocks ?? [];
  const tables = blocks.flatMap((block) => (block.type === "table" ? [block] : []));
  const kpis = blocks.flatMap((block) => (block.type === "kpis" ? block.items : []));
  const cells = tables.flatMap(({ rows }) => rows.flat()).filter((cell: Cell) => cell !== null);
  const words = [
    ...cells.filter((cell) => typeof cell === "string"),
    ...tables.map(({ title }) => title ?? ""),
    ...kpis.map(({ label, value }) => `${label} ${value}`),
  ];
  const text = [reply.text, reply.notice ?? ""].join("\n");
  return {
    text,
    all: [text, ...words].join("\n"),
    figures: figuresIn(reply.text),
    cells: cells.filter((cell) => typeof cell === "number"),
    declines: DECLINES.test(reply.text),
  };
}

function missingFigures(wanted: readonly (number | string)[], value: (figure: number | string) => number | string, seen: Seen): string[] {
  const told = figuresIn(seen.all);
  return wanted.flatMap((figure) => {
    const truth = value(figure);
    if (typeof truth === "string") return seen.all.includes(truth) ? [] : [`it does not name ${truth} (${figure})`];
    const found = told.some((one) => shows(one, truth)) || seen.cells.some((cell) => holds(cell, truth));
    return found ? [] : [`it does not tell ${round(truth)}${typeof figure === "string" ? ` (${figure})` : ""}`];
  });
}

const round = (value: number) => Number(value.toPrecision(8));

/** The period by the receipts: each names its window. */
function windowProblem(name: string | undefined, { receipts = [] }: Reply, today: string): string[] {
  if (name === undefined) return [];
  const period = namedPeriod(name, today);
  if (!period) throw new UserError(`There is no period “${name}”.`);
  const named = receipts.some(({ window }) => window?.from === period.from && window.to === period.to);
  return named ? [] : [`no receipt is for ${period.from} to ${period.to}`];
}

function statusProblem(status: string | undefined, { receipts = [] }: Reply): string[] {
  if (status === undefined) return [];
  if (receipts.length === 0) return ["there is no receipt"];
  return receipts.filter((receipt) => receipt.status !== status).map((receipt) => `a receipt of ${receipt.source} is ${receipt.status}`);
}

function answerProblem(answer: "none" | "asks" | undefined, seen: Seen, used: readonly string[]): string[] {
  if (answer === "none" && claims(seen, used)) return ["it tells figures where nothing can be known"];
  if (answer === "asks" && !/\?/.test(seen.text)) return ["it does not ask back"];
  return [];
}

/** It found something and tells it. Words about what there is, or a question back, claim nothing. */
function claims(seen: Seen, used: readonly string[]): boolean {
  return used.length > 0 && !seen.declines && (seen.figures.length > 0 || seen.cells.length > 0);
}

/** "{…}" holds a truth; numbers in it are written as a person would, with commas or without. */
function pattern(source: string, truths: Truths): RegExp {
  const words = source.replace(/\{(\w+\([^}]*\))\}/g, (_, expression: string) => {
    const truth = truths(expression);
    return typeof truth === "number" ? escaped(truth.toLocaleString("en-US")).replaceAll(",", ",?") : escaped(truth);
  });
  return new RegExp(words, "iu");
}

function filled(source: string, truths: Truths): string {
  return `“${source.replace(/\{(\w+\([^}]*\))\}/g, (_, expression: string) => String(truths(expression)))}”`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
