import { budgetBurn } from "../analytics/forecast/budget-burn.ts";
import type { Range } from "../analytics/forecast/forecast-series.ts";
import { daysBetween } from "../core/civil-date.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import { readable } from "../core/format.ts";
import { formatDay, formatPeriod, lengthOf, unitOf } from "../core/period.ts";
import type { Block } from "../core/reply.ts";
import { plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { FeedReading } from "./feed-question.ts";
import { contentOf, notesText } from "./finding.ts";
import { chartOf, pointAt, sliceData, sliceTable, stepTable } from "./forecast-blocks.ts";
import type { ForecastData } from "./forecast-data.ts";
import type { History, Step } from "./forecast-history.ts";
import { beforeOf, type Projection, runsOutOn, type Slice } from "./forecast-projection.ts";
import {
  backTestSentence,
  budgetSentences,
  changeSentence,
  headline,
  type Outlook,
  partsSentence,
  provisionalSentence,
  rangeSentence,
} from "./forecast-words.ts";

/** What a forecast's answer is made of. */
export interface Parts {
  read: FeedReading;
  notes: string[];
  unit: string;
  history: History;
  target: Period;
  whole: Projection;
  slices: readonly Slice[] | undefined;
  budget: number | undefined;
  average: boolean;
  costs: boolean;
}

export async function compose({ read, notes, unit, history, target, whole, slices, budget, average, costs }: Parts): Promise<Finding> {
  const { forecast: found, days } = whole;
  const measure = readable(read.measure);
  const subject = `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)}${read.subject ? ` of ${plainWords(read.subject)}` : ""}`;
  const steps = whole.to - whole.from;
  const count = whole.knownSteps + steps;
  const scaled = (value: Range): Range =>
    average
      ? { mean: value.mean / count, lo80: value.lo80 / count, hi80: value.hi80 / count, lo95: value.lo95 / count, hi95: value.hi95 / count }
      : { mean: value.mean, lo80: value.lo80, hi80: value.hi80, lo95: value.lo95, hi95: value.hi95 };
  const end = scaled(whole.end);
  const outlook: Outlook = {
    subject,
    unit,
    average,
    target,
    end,
    knownSteps: whole.knownSteps,
    known: whole.known,
    steps,
    ahead: whole.end.mean - whole.known,
    step: history.step,
  };
  const before = average ? undefined : beforeOf(history, target);
  const burn =
    budget === undefined
      ? undefined
      : budgetBurn({
          budget,
          used: whole.known,
          daysGone: Math.max(0, daysBetween(target.from, history.settled) + 1),
          days: lengthOf(target),
          end,
        });
  const runsOut = burn && burn.used <= burn.budget ? runsOutOn(whole, burn.budget) : undefined;
  const open = [...history.provisional].filter(([day]) => day > history.settled && day >= target.from && day <= target.to);
  const openSum = open.reduce((sum, [, value]) => sum + value, 0);
  const openFrom = open.map(([day]) => day).sort()[0];
  if (history.first > target.from && history.first <= target.to)
    notes.push(`The data begins on ${formatDay(history.first)}, so ${formatPeriod(target)} is not all there.`);
  if (found.gaps > 0) notes.push(gapsNote(found.gaps, history.step));
  const sentences = [
    `**${headline(outlook)}.**`,
    rangeSentence(outlook),
    partsSentence(outlook),
    changeSentence(outlook, before),
    burn ? budgetSentences(burn, unit, runsOut) : "",
    backTestSentence(found.backTest, history.step, average),
    openFrom && !average ? provisionalSentence(openFrom, open.length, openSum, unit, history.step) : "",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = slices ? sliceTable(slices, whole, measure, unit, read) : stepTable(whole, history, measure, unit, average);
  const data: ForecastData = {
    measure: read.measure,
    unit,
    step: history.step,
    period: target,
    total: end,
    known: { steps: whole.knownSteps, value: whole.known },
    steps: days.map((at, k) => ({ at, ...pointAt(found, k) })),
    backTest: found.backTest,
    seasons: [...found.seasons],
    gaps: found.gaps,
    methods: found.methods.map(({ name, share }) => ({ name, share })),
    settledTo: history.settled,
    ...(openFrom ? { provisional: { from: openFrom, steps: open.length, value: openSum } } : {}),
    ...(burn ? { budget: { ...burn, ...(runsOut ? { runsOut } : {}) } } : {}),
    ...(before ? { before } : {}),
    ...(slices ? { slices: slices.map(sliceData) } : {}),
  };
  return {
    content: contentOf(text, [table]),
    data,
    blocks: [{ type: "markdown", text }, await chartOf(outlook, whole, history, read, measure), table] satisfies Block[],
    facts: read.facts,
    receipts: read.receipts,
    suggestions: suggest(costs && slices === undefined, target, history.settled),
  };
}

/** By service only where it was not split yet and services are known: the costs. */
function suggest(costs: boolean, target: Period, settled: CivilDate): string[] {
  return [
    ...(costs ? ["and by service?"] : []),
    unitOf(target) === "month" && target.from > settled ? "and for the next 30 days?" : "and next month?",
  ];
}

function gapsNote(gaps: number, step: Step): string {
  const what = gaps === 1 ? `1 ${step} of the history has no figure and was` : `${gaps} ${step}s of the history have no figure and were`;
  return `${what} filled from like ${step}s.`;
}
