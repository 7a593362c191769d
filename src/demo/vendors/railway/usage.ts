import { GraphQLError } from "graphql";
import { addDays, fromInstant } from "../../../core/civil-date.ts";
import type { World } from "../../world/index.ts";
import type { RailwayUsage } from "../../world/types.ts";

export interface UsageArguments {
  workspaceId?: string | null;
  projectId?: string | null;
  startDate?: string | null;
  endDate?: string | null;
  measurements: readonly string[];
  groupBy?: readonly string[] | null;
}

const VALUES: Readonly<Record<string, (row: RailwayUsage) => number>> = {
  CPU_USAGE: (row) => row.cpuMinutes,
  MEMORY_USAGE_GB: (row) => row.memoryGbMinutes,
  NETWORK_TX_GB: (row) => row.networkGb,
  DISK_USAGE_GB: (row) => row.diskGbMinutes,
};

/** What was used in the window, added up by the tags asked for. Only whole days are simulated. */
export function usageOf({ projectId, startDate, endDate, measurements, groupBy }: UsageArguments, world: World): object[] {
  const from = dayOf(startDate) ?? `${world.today.slice(0, 7)}-01`;
  const end = dayOf(endDate) ?? world.today;
  const rows: RailwayUsage[] = [];
  for (let day = from; day < end; day = addDays(day, 1))
    rows.push(...world.railwayUsage(day).filter((row) => !projectId || row.project === projectId));
  const tags = new Set(groupBy ?? []);
  const groups = Map.groupBy(rows, (row) => JSON.stringify(tagsOf(row, tags, world)));
  return [...groups].flatMap(([key, list]) =>
    measurements.flatMap((measurement) => {
      const of = VALUES[measurement];
      return of ? [{ measurement, tags: JSON.parse(key), value: list.reduce((sum, row) => sum + of(row), 0) }] : [];
    }),
  );
}

function tagsOf(row: RailwayUsage, tags: ReadonlySet<string>, world: World): object {
  const project = world.railwayProjects().find(({ id }) => id === row.project);
  return {
    ...(tags.has("PROJECT_ID") ? { projectId: row.project } : {}),
    ...(tags.has("SERVICE_ID") ? { serviceId: project?.services.find(({ name }) => name === row.service)?.id ?? null } : {}),
    ...(tags.has("ENVIRONMENT_ID")
      ? { environmentId: project?.environments.find(({ name }) => name === row.environment)?.id ?? null }
      : {}),
  };
}

function dayOf(at: string | null | undefined): string | undefined {
  if (!at) return undefined;
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) throw new GraphQLError("Invalid date");
  return fromInstant(instant);
}
