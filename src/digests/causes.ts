import { addDays, daysBetween } from "../core/civil-date.ts";
import type { DigestOrder } from "../core/digest.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import type { TableBlock } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { Anomaly } from "./cost-judge.ts";
import type { Mover } from "./movers.ts";
import type { Parts } from "./parts.ts";
import { shortDay } from "./words.ts";

/** Looking into all dimensions asks a source dozens of times, and some take money for each. */
const EXPLAINED = 1;

/** Of the change: what holds less of it is not most of it. */
const MOST = 0.5;

const KINDS: Readonly<Record<string, string>> = { deploys: "deployment", pulls: "pull request", incidents: "incident", issues: "ticket" };

interface ChangeData {
  slices: { slice: Record<string, string>; share: number | null }[];
  candidates: { kind: string; title: string; hoursBefore: number | null; shared: string[] }[];
  confidence: string;
  began?: { day: CivilDate };
}

/**
 * What stands behind the largest movers: of a day against a week before, of what has gone on for longer against the weeks before it.
 * `lines[i]` belongs to the i-th mover and says no more than that something came before.
 */
export async function causesOf(
  parts: Parts,
  movers: readonly Mover[],
  { date, dimension, open }: { date: CivilDate; dimension: string; open: readonly Anomaly[] },
  order: DigestOrder,
): Promise<{ lines: string[]; tables: TableBlock[] }> {
  const asked = movers.filter(({ isNew }) => !isNew).slice(0, EXPLAINED);
  const found = await Promise.all(
    asked.map(({ name }) =>
      parts.ask(`what is behind ${name}`, "explain_change", {
        feed: "costs",
        filter: { ...order.filter, [dimension]: name },
        ...periodsOf(date, open.find(({ series }) => series === name)?.from ?? date),
      }),
    ),
  );
  const lines = movers.map((mover) => {
    const finding = found[asked.indexOf(mover)];
    const crept = open.some(({ series, kind }) => series === mover.name && kind === "creep");
    return wordsOf(finding, { names: [mover.name, ...Object.values(order.filter ?? {}).flat()], crept });
  });
  const tables = found.flatMap((finding, i) => titled(finding, asked[i]?.name ?? ""));
  return { lines, tables };
}

/** The same weekdays on both sides. */
function periodsOf(date: CivilDate, began: CivilDate): { period: Period; compare: Period } {
  const length = Math.ceil((daysBetween(began, date) + 1) / 7) * 7;
  return { period: { from: began, to: date }, compare: { from: addDays(began, -length), to: addDays(date, -length) } };
}

function wordsOf(finding: Finding | undefined, { names, crept }: { names: readonly string[]; crept: boolean }): string {
  const data = finding?.data as ChangeData | undefined;
  if (!data) return "";
  const [slice] = data.slices;
  const where = Object.values(slice?.slice ?? {}).filter((value) => !names.includes(value));
  const mostly = where.length > 0 && (slice?.share ?? 0) >= MOST ? `, mostly ${plainWords(where.join(" · "))}` : "";
  // Only what names the same thing: something or other always came before. What crept up has no day before which anything came.
  const candidate = data.candidates.find(({ hoursBefore, shared }) => hoursBefore !== null && hoursBefore >= 0 && shared.length > 0);
  if (!candidate || !data.began || crept) return mostly;
  const what = `${KINDS[candidate.kind] ?? candidate.kind} “${cut(plainWords(candidate.title), 60)}”`;
  return `${mostly}; it rose or fell on ${shortDay(data.began.day)}, ${Math.round(candidate.hoursBefore ?? 0)} h after the ${what}`;
}

function titled(finding: Finding | undefined, name: string): TableBlock[] {
  const [first, events] = (finding?.blocks ?? []).filter((block) => block.type === "table");
  return [
    ...(first ? [{ ...first, title: `What is behind ${name}` }] : []),
    ...(events ? [{ ...events, title: `What came before ${name} changed` }] : []),
  ];
}
