import type { Period } from "../../core/fact.ts";
import { formatNumber } from "../../core/format.ts";
import { lengthOf } from "../../core/period.ts";
import type { Cell, Column } from "../../core/reply.ts";
import { listWords } from "../../core/text.ts";
import { counted, linked, said, when } from "../words.ts";
import type { Place } from "./tools.ts";

/** How services are told: in a sentence, and in cells. */

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
  const during = memory ? ` ${when(period)}.` : "";
  return `**${counted(services, "service")}** in ${counted(projects, "project")} on Railway.${health}${going}${memory}${during}`;
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
