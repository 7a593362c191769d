import { slotsBetween } from "../../../src/digests/schedule/slots.ts";
import type { Outcome, Scale, Target } from "../target.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEARS = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2031, 0, 1) };
/** Local times that are skipped or come twice in one zone or another. */
const TIMES = ["00:30", "01:30", "02:15", "02:30", "03:15", "23:30"];

export const clockTarget: Target = {
  id: "R4",
  test: "a daily digest at six times of the day in every time zone, around each change of clocks from 2024 to 2030",
  good: "one run on each local date",
  // A skipped time late in the evening comes when the next date has begun, and is still the run of its own.
  run: async (scale) =>
    count(scale, (pattern, timeZone, from, to) => slotsBetween({ pattern, timeZone }, from, to).map(({ wall }) => wall.slice(0, 10))),
  control: { what: "the next run is 24 hours after the last", run: async (scale) => count(scale, everyDay) },
};

/** The local dates that have a run, as often as they have one. */
type Slots = (pattern: string, timeZone: string, from: Date, to: Date) => string[];

async function count({ share }: Scale, slots: Slots): Promise<Outcome> {
  let changes = 0;
  const wrong: string[] = [];
  for (const [i, timeZone] of Intl.supportedValuesOf("timeZone").entries()) {
    // A share of them, from all parts of the world.
    if (i % Math.max(1, Math.round(1 / share)) > 0) continue;
    const date = dates(timeZone);
    for (const at of changesOf(timeZone)) {
      changes += 1;
      for (const time of TIMES) {
        const [hour, minute] = time.split(":").map(Number);
        const [from, to] = [new Date(at - 4 * DAY), new Date(at + 4 * DAY)];
        const runs = slots(`${minute} ${hour} * * *`, timeZone, from, to);
        const days = Array.from({ length: 5 }, (_, i) => date(at + (i - 2) * DAY));
        if (new Set(runs).size !== runs.length || days.some((day) => !runs.includes(day)))
          wrong.push(`${timeZone} ${time} ${new Date(at).toISOString()}`);
      }
    }
  }
  return { figure: `${wrong.length} wrong of ${changes * TIMES.length}${wrong[0] ? `, as ${wrong[0]}` : ""}`, good: wrong.length === 0 };
}

/** Where the offset changes, to the hour; once for a day's look. */
function changesOf(timeZone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const offset = (at: number) => format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value;
  const found: number[] = [];
  for (let at = YEARS.from; at < YEARS.to; at += 7 * DAY) {
    if (offset(at) === offset(at + 7 * DAY)) continue;
    for (let hour = at; hour < at + 7 * DAY; hour += HOUR) if (offset(hour) !== offset(hour + HOUR)) found.push(hour + HOUR);
  }
  return found;
}

const everyDay: Slots = (pattern, timeZone, from, to) => {
  const first = slotsBetween({ pattern, timeZone }, from, to)[0]?.dueAt.getTime() ?? from.getTime();
  const date = dates(timeZone);
  return Array.from({ length: 8 }, (_, i) => first + i * DAY).flatMap((at) => (at < to.getTime() ? [date(at)] : []));
};

function dates(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  return (at) => format.format(at);
}
