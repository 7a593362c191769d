import type { PastTurn } from "../../core/agent.ts";
import { cut } from "../../core/text.ts";

/** An earlier conversation within a number of characters. */
export interface Memory {
  /** What was asked, which tools answered and the figures that were given, of the turns before `turns`; "" when all are there. */
  summary: string;
  /** The newest turns word for word, oldest first. */
  turns: PastTurn[];
  /** How many of the oldest are in `summary`. */
  folded: number;
}

/** Share of the budget for the summary. */
const SUMMARY = 1 / 3;
/** Turns are folded by so many, so that what a vendor cached stays true for as long. */
const STEP = 4;
const QUESTION = 160;
const CALLS = 200;
const FIGURES = 700;

/** The same history gives the same memory; no model is asked. The newest turn is cut rather than left out. */
export function remember(history: readonly PastTurn[], budget: number): Memory {
  if (sizeOf(history) <= budget) return { summary: "", turns: [...history], folded: 0 };
  const room = Math.floor(budget * (1 - SUMMARY));
  const newest = history.length - 1;
  const fold = Math.min(newest, firstFitting(history, room));
  const turns = history.slice(fold);
  return {
    summary: summarise(history.slice(0, fold), budget - room),
    turns: sizeOf(turns) <= room ? turns : turns.map((past) => shorten(past, room)),
    folded: fold,
  };
}

function firstFitting(history: readonly PastTurn[], room: number): number {
  for (let fold = 0; fold < history.length; fold += STEP) if (sizeOf(history.slice(fold)) <= room) return fold;
  return history.length;
}

function sizeOf(history: readonly PastTurn[]): number {
  return history.reduce((sum, { question, answer }) => sum + question.length + answer.length, 0);
}

function shorten(past: PastTurn, room: number): PastTurn {
  const question = cut(past.question, Math.max(1, Math.floor(room / 4)));
  const left = Math.max(1, room - question.length);
  return { ...past, question, answer: past.answer.length > left ? `${past.answer.slice(0, left).toWellFormed()} …(cut)` : past.answer };
}

/** A line for each turn; the oldest fall away when there is no room, and that is said. */
function summarise(history: readonly PastTurn[], room: number): string {
  if (history.length === 0) return "";
  const lines = history.map(lineOf);
  let first = 0;
  const size = () => lines.slice(first).reduce((sum, line) => sum + line.length + 1, 0);
  while (first < lines.length && size() > room) first += 1;
  const gone = first > 0 ? [`- ${first} still earlier ${first === 1 ? "turn is" : "turns are"} left out`] : [];
  return ["Earlier in this conversation, as Firstmate noted it (question, tools, figures given):", ...gone, ...lines.slice(first)].join(
    "\n",
  );
}

function lineOf({ question, answer, calls }: PastTurn): string {
  const tools = calls.map(({ name, input }) => `${name} ${JSON.stringify(input)}`).join("; ");
  const figures = cut(figuresIn(answer), FIGURES);
  return [`- “${cut(oneLine(question), QUESTION)}”`, ...(tools ? [cut(tools, CALLS)] : []), ...(figures ? [figures] : [])].join(" → ");
}

/** The sentences and table rows of an answer that hold a figure, word for word. */
export function figuresIn(answer: string): string {
  const parts = answer.split(/\n+|(?<=[.!?])\s+(?=\p{Lu}|\*)/u).map((part) => oneLine(part));
  return parts.filter((part) => /\d/.test(part)).join(" ");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
