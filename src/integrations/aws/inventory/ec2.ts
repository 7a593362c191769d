import { readPages } from "../../http.ts";
import type { AwsClient, Place } from "../client.ts";
import type { Account, Estate } from "./accounts.ts";
import { meanOf, readMetrics } from "./cloud-metrics.ts";
import type { Found } from "./read.ts";
import { GB, known, type Resource, type Use } from "./resource.ts";
import { addressesAnswer, instancesAnswer, tagOf, volumesAnswer } from "./schema.ts";

/** Machines, disks and addresses. */

const PAGE = 500;
const MOST_PAGES = 20;
const HOUR = 3_600;
const DAY = 86_400;

export async function readEc2(client: AwsClient, { account, regions }: Estate, signal: AbortSignal): Promise<Found> {
  const found = await Promise.all(
    regions.map(async (region) => {
      const place = { region, role: account.role };
      const parts = await Promise.all([
        readInstances(client, account, place, signal),
        readVolumes(client, account, place, signal),
        readAddresses(client, account, place, signal),
      ]);
      return parts;
    }),
  );
  const parts = found.flat();
  return { resources: parts.flatMap(({ resources }) => resources), truncated: parts.flatMap(({ truncated }) => truncated) };
}

async function readInstances(client: AwsClient, account: Account, place: Place, signal: AbortSignal): Promise<Found> {
  const pages = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "ec2" as const, place, action: "ec2:DescribeInstances" },
          command: "DescribeInstances",
          input: { MaxResults: PAGE, ...(cursor === undefined ? {} : { NextToken: cursor }) },
        },
        instancesAnswer,
        signal,
      );
      return { items: answer.Reservations.flatMap(({ Instances }) => Instances ?? []), next: answer.NextToken ?? undefined };
    },
    { pages: MOST_PAGES, what: `machines in ${place.region}` },
  );
  const standing = pages.items.filter(({ State }) => State?.Name !== "terminated");
  const running = standing.filter(({ State }) => State?.Name === "running").map(({ InstanceId }) => InstanceId);
  const use = await readMetrics(client, place, running.flatMap(metricsOf), signal);
  const resources = standing.map((node): Resource => {
    const id = node.InstanceId;
    const team = tagOf(node.Tags, "team");
    return {
      ...{ kind: "instances", id, name: tagOf(node.Tags, "name") ?? id, account, region: place.region },
      ...known({ type: node.InstanceType, state: node.State?.Name, createdAt: node.LaunchTime, team, use: useOf(id, use) }),
    };
  });
  return { resources, truncated: pages.truncated ? [pages.truncated] : [] };
}

function useOf(id: string, use: ReadonlyMap<string, readonly number[]>): Use | undefined {
  const cpu = use.get(`${id} cpu`) ?? [];
  if (cpu.length === 0) return undefined;
  const load = { hours: cpu.length, cpuMean: meanOf(cpu), cpuPeak: Math.max(...cpu) };
  const ways = ["in", "out"].flatMap((way) => {
    const daily = use.get(`${id} ${way}`) ?? [];
    return daily.length > 0 ? [meanOf(daily)] : [];
  });
  return ways.length > 0 ? { ...load, networkGbPerDay: ways.reduce((sum, bytes) => sum + bytes, 0) / GB } : load;
}

function metricsOf(id: string) {
  const shared = { namespace: "AWS/EC2", dimensions: { InstanceId: id } };
  return [
    { ...shared, key: `${id} cpu`, metric: "CPUUtilization", stat: "Average" as const, period: HOUR },
    { ...shared, key: `${id} in`, metric: "NetworkIn", stat: "Sum" as const, period: DAY },
    { ...shared, key: `${id} out`, metric: "NetworkOut", stat: "Sum" as const, period: DAY },
  ];
}

async function readVolumes(client: AwsClient, account: Account, place: Place, signal: AbortSignal): Promise<Found> {
  const { items, truncated } = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "ec2" as const, place, action: "ec2:DescribeVolumes" },
          command: "DescribeVolumes",
          input: { MaxResults: PAGE, ...(cursor === undefined ? {} : { NextToken: cursor }) },
        },
        volumesAnswer,
        signal,
      );
      return { items: answer.Volumes, next: answer.NextToken ?? undefined };
    },
    { pages: MOST_PAGES, what: `volumes in ${place.region}` },
  );
  const resources = items.map(
    (node): Resource => ({
      ...{ kind: "volumes", id: node.VolumeId, name: tagOf(node.Tags, "name") ?? node.VolumeId, account, region: place.region },
      attachedTo: node.Attachments?.[0]?.InstanceId ?? (node.State === "available" ? null : ""),
      ...known({ type: node.VolumeType, state: node.State, sizeGb: node.Size, team: tagOf(node.Tags, "team"), createdAt: node.CreateTime }),
    }),
  );
  return { resources, truncated: truncated ? [truncated] : [] };
}

async function readAddresses(client: AwsClient, account: Account, place: Place, signal: AbortSignal): Promise<Found> {
  const { Addresses } = await client.ask(
    {
      ...{ service: "ec2" as const, place, action: "ec2:DescribeAddresses" },
      command: "DescribeAddresses",
      input: {},
    },
    addressesAnswer,
    signal,
  );
  const resources = Addresses.map((node): Resource => {
    const owner = node.InstanceId || node.NetworkInterfaceId || node.AssociationId;
    return {
      ...{ kind: "addresses", id: node.AllocationId || node.PublicIp, name: node.PublicIp, account, region: place.region },
      attachedTo: owner || null,
    };
  });
  return { resources, truncated: [] };
}
