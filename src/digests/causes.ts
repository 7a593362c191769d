import { addDays } from "../core/civil-date.ts";
import type { DigestOrder } from "../core/digest.ts";
import type { CivilDate } from "../core/fact.ts";
import type { TableBlock } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import type { Mover } from "./movers.ts";
import type { Parts } from "./parts.ts";

/** Looking into all dimensions asks a source dozens of times, and some take money for each. */
const EXPLAINED = 1;

const KINDS: Readonly<Record<string, string>> = { deploys: "deployment", pulls: "pull request", incidents: "incident", issues: "ticket" };

interface ChangeData {
  slices: { slice: Record<string, string>; share: number | null }[];
  candidates: { kind: string; title: string; hoursBefore: number | null; shared: string[] }[];
  confidence: string;
}

/** What stands behind the largest movers. `lines[i]` belongs to the i-th mover and says no more than that something came before. */
export async function causesOf(
  parts: Parts,
  movers: readonly Mover[],
  { date, dimension }: { date: CivilDate; dimension: string },
  order: DigestOrder,
): Promise<{ lines: string[]; tables: TableBlock[] }> {
  const asked = movers.filter(({ isNew }) => !isNew).slice(0, EXPLAINED);
  const before = { from: addDays(date, -7), to: addDays(date, -7) };
  const found = await Promise.all(
    asked.map(({ name }) =>
      parts.ask(`what is behind ${name}`, "explain_change", {
        feed: "costs",
        filter: { ...order.filter, [dimension]: name },
        period: { from: date, to: date },
        compare: before,
      }),
    ),
  );
  const lines = movers.map((mover) => wordsOf(found[asked.indexOf(mover)]));
  const tables = found.flatMap((finding, i) => titled(finding, asked[i]?.name ?? ""));
  return { lines, tables };
}

function wordsOf(finding: Finding | undefined): string {
  const data = finding?.data as ChangeData | undefined;
  if (!data) return "";
  const [slice] = data.slices;
  const where = slice && data.confidence !== "low" ? `, mostly ${plainWords(Object.values(slice.slice).join(" · "))}` : "";
  // Only what names the same thing: something or other always came before.
  const candidate = data.candidates.find(({ hoursBefore, shared }) => hoursBefore !== null && hoursBefore >= 0 && shared.length > 0);
  const came = candidate
    ? `; ${Math.round(candidate.hoursBefore ?? 0)} h before it the ${KINDS[candidate.kind] ?? candidate.kind} “${cut(plainWords(candidate.title), 60)}”`
    : "";
  return `${where}${came}`;
}

function titled(finding: Finding | undefined, name: string): TableBlock[] {
  const [first, events] = (finding?.blocks ?? []).filter((block) => block.type === "table");
  return [
    ...(first ? [{ ...first, title: `What is behind ${name}` }] : []),
    ...(events ? [{ ...events, title: `What came before ${name} changed` }] : []),
  ];
}
