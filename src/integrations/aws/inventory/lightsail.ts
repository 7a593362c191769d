import { readPages } from "../../http.ts";
import type { AwsClient, Place } from "../client.ts";
import type { Account, Estate } from "./accounts.ts";
import { meanOf } from "./cloud-metrics.ts";
import type { Found } from "./read.ts";
import { known, type Resource, USE_DAYS } from "./resource.ts";
import { bundlesAnswer, lightsailAnswer, lightsailMetricAnswer } from "./schema.ts";

const MOST_PAGES = 10;
const MOST_MEASURED = 40;
const HOUR = 3_600;
/** It is not everywhere, and has no address where it is not. */
const REGIONS = new Set(
  "us-east-1 us-east-2 us-west-2 ca-central-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-northeast-1 ap-northeast-2".split(
    " ",
  ),
);

/** Lightsail's machines with their processor and the price of their bundle. */
export async function readLightsail(client: AwsClient, { account, regions }: Estate, signal: AbortSignal): Promise<Found> {
  const places = regions.filter((region) => REGIONS.has(region)).map((region) => ({ region, role: account.role }));
  const parts = await Promise.all(places.map((place) => readRegion(client, account, place, signal)));
  const prices = Object.assign({}, ...parts.map(({ prices: some }) => some)) as Record<string, number>;
  return {
    resources: parts.flatMap(({ resources }) => resources),
    truncated: parts.flatMap(({ truncated }) => truncated),
    prices,
  };
}

async function readRegion(client: AwsClient, account: Account, place: Place, signal: AbortSignal): Promise<Found> {
  const { items, truncated } = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "lightsail" as const, place, action: "lightsail:GetInstances" },
          command: "GetInstances",
          input: cursor === undefined ? {} : { pageToken: cursor },
        },
        lightsailAnswer,
        signal,
      );
      return { items: answer.instances, next: answer.nextPageToken ?? undefined };
    },
    { pages: MOST_PAGES, what: `Lightsail machines in ${place.region}` },
  );
  if (items.length === 0) return { resources: [], truncated: [] };
  const [prices, ...processors] = await Promise.all([
    readPrices(client, place, signal),
    ...items.slice(0, MOST_MEASURED).map(({ name }) => readProcessor(client, place, name, signal)),
  ]);
  const resources = items.map((node, i): Resource => {
    const cpu = processors[i] ?? [];
    const team = node.tags?.find(({ key }) => key?.toLowerCase() === "team")?.value;
    const use = cpu.length > 0 ? { hours: cpu.length, cpuMean: meanOf(cpu), cpuPeak: Math.max(...cpu) } : undefined;
    return {
      ...{ kind: "lightsail", id: node.name, name: node.name, account, region: place.region },
      ...known({ type: node.bundleId, state: node.state?.name, team, createdAt: node.createdAt, use }),
    };
  });
  return { resources, truncated: truncated ? [truncated] : [], prices };
}

/** Bundle → USD a month. */
async function readPrices(client: AwsClient, place: Place, signal: AbortSignal): Promise<Record<string, number>> {
  const { bundles } = await client.ask(
    {
      ...{ service: "lightsail" as const, place, action: "lightsail:GetBundles" },
      command: "GetBundles",
      input: { includeInactive: true },
    },
    bundlesAnswer,
    signal,
  );
  return Object.fromEntries(bundles.flatMap(({ bundleId, price }) => (typeof price === "number" ? [[bundleId, price]] : [])));
}

async function readProcessor(client: AwsClient, place: Place, instanceName: string, signal: AbortSignal): Promise<number[]> {
  const endTime = new Date(Math.floor(client.now().getTime() / (HOUR * 1_000)) * HOUR * 1_000);
  const startTime = new Date(endTime.getTime() - USE_DAYS * 24 * HOUR * 1_000);
  const { metricData } = await client.ask(
    {
      ...{ service: "lightsail" as const, place, action: "lightsail:GetInstanceMetricData" },
      command: "GetInstanceMetricData",
      input: {
        ...{ instanceName, metricName: "CPUUtilization", period: HOUR, startTime, endTime },
        ...{ unit: "Percent", statistics: ["Average"] },
      },
    },
    lightsailMetricAnswer,
    signal,
  );
  return metricData.flatMap(({ average }) => (typeof average === "number" ? [average] : []));
}
