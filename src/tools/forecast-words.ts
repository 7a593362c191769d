import type { BudgetBurn } from "../analytics/forecast/budget-burn.ts";
import type { BackTestError, Range } from "../analytics/forecast/forecast-series.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import { formatChange, formatPercent, formatValue } from "../core/format.ts";
import { formatDay, formatPeriod } from "../core/period.ts";
import type { Step } from "./forecast-history.ts";

/** Sentences of a forecast: what, how sure, on what ground. */

export interface Outlook {
  /** "Cost", "Cost of Amazon S3". */
  subject: string;
  unit: string;
  average: boolean;
  target: Period;
  end: Range;
  /** Settled steps of the target and what they sum to. */
  knownSteps: number;
  known: number;
  /** Steps of the target that are forecast, and what they are expected to add. */
  steps: number;
  ahead: number;
  step: Step;
}

export function headline({ subject, unit, target, average, end }: Outlook): string {
  return `${subject} ${average ? "will average about" : "will come to about"} ${formatValue(end.mean, unit)} in ${formatPeriod(target)}`.replace(
    /in (\d)/,
    "for $1",
  );
}

export function rangeSentence({ unit, end }: Outlook): string {
  if (end.hi95 - end.lo95 < 1e-9 * Math.max(1, Math.abs(end.mean))) return "The past has not varied, so no range can be given.";
  const value = (amount: number) => formatValue(amount, unit);
  return `The range is ${value(end.lo80)} to ${value(end.hi80)} with 80% confidence, ${value(end.lo95)} to ${value(end.hi95)} with 95%.`;
}

export function partsSentence({ unit, average, known, knownSteps, ahead, steps, step }: Outlook): string {
  if (knownSteps === 0 || average) return "";
  const count = (n: number) => `${n} ${n === 1 ? step : `${step}s`}`;
  return `${formatValue(known, unit)} of it is known (${count(knownSteps)}), ${formatValue(ahead, unit)} is forecast (${count(steps)}).`;
}

/** "On its own past this method missed totals of 10 days by 3.2% on average (8 tries), single days by 8%." */
export function backTestSentence({ origins, steps, step, total }: BackTestError, unit: Step, average: boolean): string {
  if (origins === 0 || step === undefined) return "It could not be tried on its own past, so how wrong it may be is not known.";
  const tries = `${origins} ${origins === 1 ? "try" : "tries"}`;
  const several = steps > 1 && total !== undefined && !average;
  return several
    ? `On its own past this method missed totals of ${steps} ${unit}s by ${formatPercent(total)} on average (${tries}), single ${unit}s by ${formatPercent(step)}.`
    : `On its own past this method missed by ${formatPercent(step)} a ${unit} on average (${tries} of ${steps} ${steps === 1 ? unit : `${unit}s`}).`;
}

export function changeSentence({ unit, end }: Outlook, before: { period: Period; value: number } | undefined): string {
  if (!before || before.value <= 0) return "";
  return `${formatPeriod(before.period)} was ${formatValue(before.value, unit)} (${formatChange(end.mean / before.value - 1)}).`;
}

export function provisionalSentence(from: CivilDate, count: number, sum: number, unit: string, step: Step): string {
  const days = `${count} ${count === 1 ? `${step} that is` : `${step}s that are`}`;
  return `From ${formatDay(from)} on the figures are not final: the ${days} still open ${count === 1 ? "is" : "are"} forecast, not counted (${formatValue(sum, unit)} so far).`;
}

export function budgetSentences(burn: BudgetBurn, unit: string, runsOut: CivilDate | undefined): string {
  const value = (amount: number) => formatValue(amount, unit);
  const used =
    burn.timeShare > 0
      ? `Of the budget of ${value(burn.budget)}, ${formatPercent(burn.usedShare)} is used with ${formatPercent(burn.timeShare)} of the time gone.`
      : `The budget is ${value(burn.budget)}.`;
  if (burn.used > burn.budget) return `${used} It is exceeded already, by ${value(burn.used - burn.budget)}.`;
  const end = burn.over > 0 ? `${value(burn.over)} above it` : `${value(-burn.over)} below it`;
  const out = runsOut ? ` It would be used up on ${formatDay(runsOut)}.` : "";
  return `${used} The forecast end is ${end}: ${chanceWords(burn.chanceOver)} (${chanceFigure(burn.chanceOver)}).${out}`;
}

/** Words for a probability of going over; Mosteller and Youtz's use of "likely" and "almost certain". */
function chanceWords(chance: number): string {
  if (chance >= 0.975) return "almost certainly over";
  if (chance >= 0.9) return "very likely over";
  if (chance >= 0.6) return "probably over";
  if (chance > 0.4) return "it may go either way";
  if (chance > 0.1) return "probably within";
  return chance > 0.025 ? "very likely within" : "almost certainly within";
}

function chanceFigure(chance: number): string {
  if (chance > 0.99) return "over 99% chance of exceeding it";
  if (chance < 0.01) return "under 1% chance of exceeding it";
  return `${Math.round(chance * 100)}% chance of exceeding it`;
}
