import { formatPercent, formatValue, readable } from "../core/format.ts";
import { formatDay, formatPeriod, lengthOf } from "../core/period.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { ChangeOutput, ChangePart, Decomposed } from "./explain-change.ts";
import type { BeganReading } from "./explain-change-began.ts";
import { chartOf, eventsTable, partsTable, sliceName } from "./explain-change-blocks.ts";
import type { ChangeReading } from "./explain-change-cube.ts";
import { type ChangeEvent, type EventReading, eventName, lagWords } from "./explain-change-events.ts";
import { changeWords, contentOf, notesText } from "./finding.ts";

/** Below this part of the amount before, a change is none to speak of. */
const HARDLY = 0.005;
/** Below this part of the change, a rest is rounding. */
const LITTLE = 0.005;

/** The answer: what changed, which slices hold it, when it began, what came before, how sure, what is missing. */
export async function changeFinding(
  reading: ChangeReading,
  parts: Decomposed,
  began: BeganReading,
  events: EventReading,
): Promise<Finding> {
  const data = dataOf(reading, parts, began, events);
  const notes = [...new Set([...reading.notes, ...events.notes])];
  const receipts = [
    ...new Map([...reading.receipts, ...began.receipts, ...events.receipts].map((r) => [`${r.source} ${r.query}`, r])).values(),
  ];
  const text = [
    headWords(reading, data),
    sliceWords(reading, parts, data),
    beganWords(reading, began, events),
    sureWords(data),
    events.missing.join(" "),
  ]
    .filter(Boolean)
    .join("\n\n");
  const table = partsTable(reading, parts, data);
  const tables = [table, ...(data.candidates.length > 0 ? [eventsTable(events.events)] : [])];
  const all = `${text}${notesText({ notes })}`;
  const chart = await chartOf(reading, parts, data, receipts);
  const first = data.slices[0]?.slice;
  return {
    content: contentOf(all, tables),
    data,
    blocks: [{ type: "markdown", text: all }, ...chart, ...tables],
    receipts,
    suggestions: [
      ...(first ? [`${readable(reading.measure)} of ${Object.values(first)[0]} per day`] : []),
      `${readable(reading.measure)} by ${readable(reading.dimensions[0] ?? "service")} compared with the previous period`,
    ],
  };
}

function dataOf(reading: ChangeReading, parts: Decomposed, began: BeganReading, events: EventReading): ChangeOutput {
  const { before, after } = reading.whole;
  const change = after - before;
  const { stretch } = reading;
  const none = Math.abs(change) <= HARDLY * Math.abs(before);
  const longer = before * (stretch - 1);
  const share = (part: ChangePart) => (none ? null : (part.after - part.before * stretch) / change);
  const days = {
    now: lengthOf(reading.period),
    before: lengthOf(reading.comparePeriod),
    change: longer,
    share: none ? null : longer / change,
  };
  const out = (part: ChangePart) => ({
    slice: part.slice,
    before: part.before,
    after: part.after,
    change: part.after - part.before,
    share: share(part),
  });
  const slices = parts.chosen.map(out);
  const explained = none ? null : slices.reduce((sum, s) => sum + (s.share ?? 0), 0) + (days.share ?? 0);
  const sliced = slices.reduce((sum, s) => sum + (s.share ?? 0), 0);
  const sure = confidence(reading, parts, none ? null : sliced / (1 - (days.share ?? 0)));
  return {
    measure: reading.measure,
    unit: reading.unit,
    period: reading.period,
    comparePeriod: reading.comparePeriod,
    before,
    after,
    change,
    direction: none ? "none" : parts.rise ? "rise" : "fall",
    slices,
    ...(stretch === 1 ? {} : { days }),
    explained,
    unexplained: explained === null ? null : 1 - explained,
    against: parts.against.map(out),
    alternatives: parts.alternatives.map((part) => ({ ...out(part), confidence: part.confidence })),
    ...(began.began ? { began: began.began } : {}),
    candidates: events.events.map(({ at, shared, url, ...event }) => ({
      ...event,
      shared: [...shared],
      at: at.toISOString(),
      ...(url ? { url } : {}),
    })),
    ...sure,
    missing: [...events.missing],
  };
}

/** `held`: the slices' part of what is not the calendar's. */
function confidence(reading: ChangeReading, { first }: Decomposed, held: number | null): Pick<ChangeOutput, "confidence" | "reasons"> {
  if (!first) return { confidence: "low", reasons: ["no slice stands out"] };
  const { outside } = first.judged;
  const part = held === null || !Number.isFinite(held) ? undefined : held;
  const reasons = [
    part === undefined
      ? "taken together hardly anything changed"
      : part > 1
        ? "the slices moved by more than the whole did"
        : `the slices hold ${formatPercent(Math.max(0, part))} of ${reading.stretch === 1 ? "it" : "what is not the calendar"}`,
    outside < 0.1
      ? "beside the first hardly anything moved with it"
      : `the rest moved too, about ${formatPercent(Math.min(1, outside))} as much`,
    ...(first.confidence === "low" ? ["another reading is about as good"] : []),
    ...(reading.provisional ? ["the whole period is provisional"] : []),
  ];
  const weak = part === undefined || part < 0.3 || first.confidence === "low";
  if (reading.provisional || weak) return { confidence: "low", reasons };
  return { confidence: first.confidence === "high" && part >= 0.6 ? "high" : "medium", reasons };
}

function headWords(reading: ChangeReading, { before, after, direction }: ChangeOutput): string {
  const subject = reading.subject ? ` of ${plainWords(reading.subject)}` : "";
  const name = `${readable(reading.measure)}${subject}`;
  const head = `**${name.slice(0, 1).toUpperCase()}${name.slice(1)} for ${formatPeriod(reading.period)}: ${formatValue(after, reading.unit)}**`;
  const against = `${formatPeriod(reading.comparePeriod)} (${formatValue(before, reading.unit)})`;
  if (direction === "none") return `${head}, hardly changed from ${against}.`;
  return `${head}, ${changeWords(after, before, reading.unit)} than ${against}.`;
}

function sliceWords({ unit }: ChangeReading, { rise, against, first }: Decomposed, data: ChangeOutput): string {
  const { slices, unexplained, direction } = data;
  const calendar = calendarWords(data);
  if (slices.length === 0) return `No slice stands out: everything moved alike, or nothing did.${calendar}`;
  const way = direction === "none" ? (rise ? "risen most" : "fallen most") : direction;
  const lines = slices.map(
    (s) =>
      `${sliceName(s.slice)}: ${formatValue(s.before, unit)} → ${formatValue(s.after, unit)}${s.share === null ? "" : ` (${formatPercent(s.share)} of the ${direction})`}`,
  );
  const lead =
    direction === "none" ? `What has ${way}` : `The ${way} is in ${slices.length === 1 ? "one slice" : `${slices.length} slices`}`;
  const beyond = calendar ? `${calendar} The shares are what comes on top.` : "";
  const alike =
    (first?.judged.outside ?? 0) > 0.5 ? " Nearly everything moved alike, so no slice is more than the largest part of it." : "";
  return `${lead}: ${lines.join("; ")}.${beyond}${restWords(unexplained)}${alike}${againstWords(against, unit)}`;
}

function calendarWords({ days, unit }: ChangeOutput): string {
  if (!days) return "";
  const part = days.share === null ? "" : ` (${formatPercent(days.share)})`;
  return ` ${days.now} days instead of ${days.before} make ${formatValue(days.change, unit)} at the level before${part}.`;
}

function restWords(unexplained: number | null): string {
  if (unexplained === null || Math.abs(unexplained) <= LITTLE) return "";
  return unexplained > 0
    ? ` ${formatPercent(unexplained)} is spread over the rest.`
    : " That is more than the whole: something else moved against it.";
}

function againstWords(against: readonly ChangePart[], unit: string): string {
  const parts = against.map((part) => `${sliceName(part.slice)} (${formatValue(part.before, unit)} → ${formatValue(part.after, unit)})`);
  return parts.length > 0 ? ` Against it moved ${listWords(parts)}.` : "";
}

function beganWords({ unit }: ChangeReading, { began, window }: BeganReading, { events, missing }: EventReading): string {
  const [first] = events;
  const nothing = missing.length > 0 ? "" : " Nothing that the connected sources know happened in the three days before.";
  if (!began) {
    const near = first ? ` In the period there ${events.length === 1 ? "was" : "were"} among others the ${eventName(first)}.` : "";
    return `No single day stands out in ${formatPeriod(window)}, so it cannot be laid beside events by time.${near}`;
  }
  const levels = `from about ${formatValue(began.before, unit)} to ${formatValue(began.after, unit)} a day`;
  const after = first
    ? ` It began after the ${eventName(first)} (${lagWords(first)}${sharedWords(first)}); that is an order in time, not a cause.`
    : nothing;
  return `The first of these began on ${formatDay(began.day)}, ${levels}.${after}`;
}

function sharedWords({ shared }: ChangeEvent): string {
  return shared.length > 0 ? `, which also names ${listWords(shared.map(plainWords), 2)}` : "";
}

function sureWords({ confidence: how, reasons }: ChangeOutput): string {
  return `Confidence ${how}: ${reasons.join("; ")}.`;
}
