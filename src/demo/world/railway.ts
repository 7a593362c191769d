import type { CivilDate } from "../../core/fact.ts";
import { activity, growth, seconds } from "./calendar.ts";
import { Chance, uuidOf } from "./chance.ts";
import type { RailwayProject, RailwayService, RailwayUsage } from "./types.ts";

/** The small web services that run on Railway, and what they use. List prices of 2025 by the minute. */

const PRICE = { cpuMinute: 0.000463, memoryGbMinute: 0.000231, networkGb: 0.05, diskGbMinute: 0.00000347 };

function site(name: string, repository: string | null, image: string | null, region: string): RailwayService {
  return { id: uuidOf(`railway service ${name}`), name, repository, image, region, createdAt: "2023-09-04T08:00:00Z" };
}

function project(name: string, description: string, team: string, services: readonly RailwayService[]): RailwayProject {
  const environments = ["production", "staging"].map((e) => ({ id: uuidOf(`railway ${name} ${e}`), name: e }));
  return { id: uuidOf(`railway project ${name}`), name, description, team, createdAt: "2023-09-04T08:00:00Z", environments, services };
}

export const RAILWAY: readonly RailwayProject[] = [
  project("haulier-portal", "Portal for hauliers, with a copy for each pull request", "gate", [
    site("haulier-portal", "haulier-portal", null, "europe-west4"),
    site("portal-cache", null, "redis:7", "europe-west4"),
  ]),
  project("reports", "Scheduled reports and exports", "data", [
    site("reporting", "reporting", null, "us-east4"),
    site("report-queue", null, "redis:7", "us-east4"),
    site("reporting-old", "reporting", null, "us-east4"),
  ]),
  project("public-sites", "Status page and documentation", "platform", [
    site("status-page", null, "ghcr.io/harbourline/status:2", "europe-west4"),
    site("docs-site", null, "ghcr.io/harbourline/docs:5", "europe-west4"),
  ]),
];

/** Mean processors, memory (GB), network (GB a day), disk (GB). */
const SIZE: Readonly<Record<string, readonly [number, number, number, number]>> = {
  "haulier-portal": [3.4, 7.5, 46, 0],
  "portal-cache": [0.2, 1.6, 3, 2],
  reporting: [2.2, 9, 18, 40],
  "report-queue": [0.1, 0.8, 1, 1],
  // Nobody has turned the old worker off: memory is paid for, nothing is done.
  "reporting-old": [0.01, 4, 0, 20],
  "status-page": [0.1, 0.5, 6, 0],
  "docs-site": [0.1, 0.4, 4, 0],
};

export function railwayUsageOf(day: CivilDate, seed: number): RailwayUsage[] {
  const at = seconds(day);
  return RAILWAY.flatMap((p) => p.services.flatMap((s) => p.environments.flatMap((e) => usage(day, at, p.id, s, e.name, seed))));
}

function usage(day: CivilDate, at: number, project: string, service: RailwayService, environment: string, seed: number): RailwayUsage[] {
  const size = SIZE[service.name];
  if (!size || (environment === "staging" && service.name === "reporting-old")) return [];
  const chance = new Chance(seed, `railway ${day} ${service.name} ${environment}`);
  const scale = environment === "staging" ? 0.18 : 1;
  const isMonthEnd = service.name === "reporting" && (day.slice(8) <= "02" || day.slice(8) >= "30");
  const load = (0.5 + 0.5 * activity(at)) * growth(at, 0.2) * (isMonthEnd ? 1.7 : 1) * chance.around(1, 0.05) * scale;
  const [cpu, memory, network, disk] = size;
  const isIdle = service.name === "reporting-old";
  const used = {
    cpuMinutes: cpu * 1_440 * (isIdle ? 1 : load),
    memoryGbMinutes: memory * 1_440 * scale * (isIdle ? 1 : 0.7 + 0.3 * load),
    networkGb: network * load,
    diskGbMinutes: disk * 1_440 * scale,
  };
  const cost =
    used.cpuMinutes * PRICE.cpuMinute +
    used.memoryGbMinutes * PRICE.memoryGbMinute +
    used.networkGb * PRICE.networkGb +
    used.diskGbMinutes * PRICE.diskGbMinute;
  return [{ day, project, service: service.name, environment, ...used, cost }];
}
