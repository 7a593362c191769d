import { readPages } from "../../http.ts";
import type { AwsClient, Place } from "../client.ts";
import type { Account, Estate } from "./accounts.ts";
import { meanOf, readMetrics } from "./cloud-metrics.ts";
import type { Found } from "./read.ts";
import { known, type Resource, type Use } from "./resource.ts";
import { databasesAnswer, tagOf } from "./schema.ts";

const PAGE = 100;
const MOST_PAGES = 20;
const HOUR = 3_600;

/** Database instances, with their load. */
export async function readRds(client: AwsClient, { account, regions }: Estate, signal: AbortSignal): Promise<Found> {
  const parts = await Promise.all(regions.map((region) => readRegion(client, account, { region, role: account.role }, signal)));
  return { resources: parts.flatMap(({ resources }) => resources), truncated: parts.flatMap(({ truncated }) => truncated) };
}

async function readRegion(client: AwsClient, account: Account, place: Place, signal: AbortSignal): Promise<Found> {
  const { items, truncated } = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "rds" as const, place, action: "rds:DescribeDBInstances" },
          command: "DescribeDBInstances",
          input: { MaxRecords: PAGE, ...(cursor === undefined ? {} : { Marker: cursor }) },
        },
        databasesAnswer,
        signal,
      );
      return { items: answer.DBInstances, next: answer.Marker ?? undefined };
    },
    { pages: MOST_PAGES, what: `databases in ${place.region}` },
  );
  const ids = items.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
  const use = await readMetrics(client, place, ids.flatMap(metricsOf), signal);
  const resources = items.map((node): Resource => {
    const id = node.DBInstanceIdentifier;
    return {
      ...{ kind: "databases", id, name: id, account, region: place.region },
      ...known({
        ...{ type: node.DBInstanceClass, state: node.DBInstanceStatus, engine: node.Engine, version: node.EngineVersion },
        ...{ sizeGb: node.AllocatedStorage, multiZone: node.MultiAZ, createdAt: node.InstanceCreateTime },
        ...{ team: tagOf(node.TagList, "team"), use: useOf(use.get(`${id} cpu`), use.get(`${id} connections`)) },
      }),
    };
  });
  return { resources, truncated: truncated ? [truncated] : [] };
}

function useOf(cpu: readonly number[] = [], connections: readonly number[] = []): Use | undefined {
  if (cpu.length === 0) return undefined;
  const load = { hours: cpu.length, cpuMean: meanOf(cpu), cpuPeak: Math.max(...cpu) };
  return connections.length > 0 ? { ...load, connections: Math.max(...connections) } : load;
}

function metricsOf(id: string) {
  const shared = { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: id }, period: HOUR };
  return [
    { ...shared, key: `${id} cpu`, metric: "CPUUtilization", stat: "Average" as const },
    { ...shared, key: `${id} connections`, metric: "DatabaseConnections", stat: "Maximum" as const },
  ];
}
