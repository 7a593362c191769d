import type { Quantity } from "./quantities.ts";
import type { Scene } from "./trace.ts";

const DAY_MS = 86_400_000;
const REST_OF_TIME = /\b(?:left|remain(?:s|ing)?|to go|so far|gone|rest of|end of|already)\b/;

/** Days that are gone, and those that are left, of the month, the quarter and the year. */
function daysAround(now: Date): number[] {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const spans = [1, 3, 12].map((length) => month - (month % length)).map((first, i) => [first, first + ([1, 3, 12][i] ?? 1)] as const);
  return spans
    .flatMap(([first, end]) => [now.getTime() - Date.UTC(year, first, 1), Date.UTC(year, end, 1) - now.getTime()])
    .map((ms) => ms / DAY_MS);
}

/** Whether a length of time is that of a period spoken of, or of what is gone or left of one. */
export function isSpan(claim: Quantity, { evidence, dates, text }: Scene): boolean {
  if (claim.unit === "calendar")
    return [...evidence.spans].some((days) => Math.abs(days / 30.44 - claim.value) <= Math.max(0.2, claim.step * 0.1));
  const own = claim.value / DAY_MS;
  if (REST_OF_TIME.test(text) && daysAround(evidence.now).some((days) => Math.abs(days - own) <= 1)) return true;
  if ([...evidence.spans].some((days) => Math.abs(days - own) < 0.01 || Math.abs(days - 1 - own) < 0.01)) return true;
  const said = dates.flatMap(({ year, month, day }) => (month && day ? [Date.UTC(year ?? 0, month - 1, day)] : []));
  const between = said.flatMap((a) => said.map((b) => Math.abs(a - b) / DAY_MS)).filter((days) => days > 0);
  const about = claim.scale >= 7 * DAY_MS ? 3.5 : 0.51;
  if (between.some((days) => Math.abs(days - own) <= about || Math.abs(days + 1 - own) < 0.01)) return true;
  return (
    /\bago\b/.test(text) &&
    evidence.calendar.days.some((a) => evidence.calendar.days.some((b) => Math.abs(Math.abs(a - b) / DAY_MS - own) <= about))
  );
}
