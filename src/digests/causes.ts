import { type ChangeData, cameBefore, mostOf } from "../core/change-words.ts";
import { addDays, daysBetween } from "../core/civil-date.ts";
import type { DigestOrder } from "../core/digest.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import type { TableBlock } from "../core/reply.ts";
import type { Finding } from "../core/tool.ts";
import type { Anomaly } from "./cost-judge.ts";
import type { Mover } from "./movers.ts";
import type { Parts } from "./parts.ts";

/** Looking into all dimensions asks a source dozens of times, and some take money for each. */
const EXPLAINED = 1;

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
  const most = mostOf(data, names);
  // What crept up has no day before which anything came.
  const [before] = crept ? [] : cameBefore(data);
  return `${most ? `, mostly ${most}` : ""}${before ? `; ${before}` : ""}`;
}

function titled(finding: Finding | undefined, name: string): TableBlock[] {
  const [first, events] = (finding?.blocks ?? []).filter((block) => block.type === "table");
  return [
    ...(first ? [{ ...first, title: `What is behind ${name}` }] : []),
    ...(events ? [{ ...events, title: `What came before ${name} changed` }] : []),
  ];
}
