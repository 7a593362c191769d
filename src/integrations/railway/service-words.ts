import type { Period } from "../../core/fact.ts";
import { formatNumber } from "../../core/format.ts";
import { formatPeriod, lengthOf } from "../../core/period.ts";
import type { Cell, Column } from "../../core/reply.ts";
import { cut, listWords, plainWords } from "../../core/text.ts";
import type { Place } from "./tools.ts";

/** How services are told: in a sentence, and in cells. */

const FOR_MODEL = 7_600;
const NAMED = 5;

export function sentence(places: readonly Place[], period: Period): string {
  if (places.length === 0) return "Nothing runs on Railway.";
  const services = new Set(places.map(({ project, service }) => `${project} ${service}`)).size;
  const projects = new Set(places.map(({ project }) => project)).size;
  const failed = places.filter(({ status }) => status === "failure");
  const running = places.filter(({ status }) => status === "running");
  const names = (list: readonly Place[]) =>
    listWords(
      list.map((p) => `${linked(p.service, p.url ?? undefined)} (${said(p.environment)})`),
      NAMED,
    );
  const health = failed.length > 0 ? ` The newest deployment **failed** for ${names(failed)}.` : " No newest deployment failed.";
  const going = running.length > 0 ? ` Being deployed: ${names(running)}.` : "";
  const [most] = places;
  const memory =
    most && most.memoryGbMinutes > 0
      ? ` Most memory: ${said(most.service)} (${said(most.environment)}), ${meanGb(most, period)} GB on average`
      : "";
  const when = memory ? ` ${period.from === period.to ? "on" : "in"} ${formatPeriod(period)}.` : "";
  return `**${counted(services, "service")}** in ${counted(projects, "project")} on Railway.${health}${going}${memory}${when}`;
}

function meanGb({ memoryGbMinutes }: Place, period: Period): string {
  return formatNumber(Math.round((memoryGbMinutes / (lengthOf(period) * 1_440)) * 10) / 10);
}

const COLUMNS: readonly Column[] = [
  { label: "service", type: "text" },
  { label: "project", type: "text" },
  { label: "environment", type: "text" },
  { label: "newest deployment", type: "text" },
  { label: "deployed (UTC)", type: "text" },
  { label: "vCPU minutes", type: "number" },
  { label: "GB minutes of memory", type: "number" },
  { label: "GB sent", type: "number" },
];

export function tableOf(places: readonly Place[]): { columns: readonly Column[]; rows: Cell[][] } {
  const rows = places.map((p) => [
    ...[p.service, p.project, p.environment, p.status, p.deployed ? p.deployed.slice(0, 16).replace("T", " ") : null],
    ...[Math.round(p.cpuMinutes), Math.round(p.memoryGbMinutes), Math.round(p.networkGb * 10) / 10],
  ]);
  return { columns: COLUMNS, rows };
}

/** `first` is the first cell for the model, with its link. */
export function contentOf(text: string, columns: readonly Column[], rows: readonly { cells: readonly Cell[]; first: string }[]): string {
  if (rows.length === 0) return text;
  const lines = [
    cut(text, FOR_MODEL / 2),
    "",
    `| ${columns.map(({ label }) => label).join(" | ")} |`,
    `|${columns.map(() => "---").join("|")}|`,
  ];
  let left = FOR_MODEL - lines.join("\n").length;
  let told = 0;
  for (const { cells, first } of rows) {
    const line = `| ${[first, ...cells.slice(1).map(cellText)].join(" | ")} |`;
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
    told += 1;
  }
  if (told < rows.length) lines.push(`… and ${rows.length - told} more rows`);
  return lines.join("\n");
}

function cellText(cell: Cell): string {
  if (cell === null) return "–";
  return typeof cell === "number" ? formatNumber(cell) : said(cell, 120);
}

/** Foreign words inside a sentence of ours: one line, no markup, at most so long. */
export function said(text: string, limit = 80): string {
  const plain = plainWords(text)
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069|`*_<>[\]]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return cut(plain, limit);
}

export function linked(name: string, url: string | undefined): string {
  return url ? `[${said(name)}](${url})` : said(name);
}

function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}
