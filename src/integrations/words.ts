import type { Period } from "../core/fact.ts";
import { formatNumber } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import { cut, plainWords } from "../core/text.ts";

/** How vendors' tools say things. */

/** A vendor's or a person's words inside a sentence of ours: one line, no markup, no control characters, at most so long. */
export function said(text: string, limit = 80): string {
  return cut(inOneLine(inOneLine(text).replace(/[|`*_<>[\]]/g, " ")), limit);
}

/** Without links, line breaks, control characters and marks that turn the direction of what follows. */
export function inOneLine(text: string): string {
  return plainWords(text)
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** "[gate-api#12](https://…)", or the name alone. */
export function linked(name: string, url: string | undefined, limit?: number): string {
  return url ? `[${said(name, limit)}](${url})` : said(name, limit);
}

/** "3 h", "2 days", "9 weeks": in the largest unit that says enough. */
export function span(ms: number): string {
  const hours = Math.max(0, ms) / 3_600_000;
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  if (hours < 48) return `${Math.round(hours)} h`;
  const days = Math.floor(hours / 24);
  return days < 60 ? `${days} days` : `${Math.floor(days / 7)} weeks`;
}

/** "on 20 November 2026", "in October 2026" */
export function when(period: Period): string {
  return `${period.from === period.to ? "on" : "in"} ${formatPeriod(period)}`;
}

/** "1 issue", "1,204 issues" */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}
