import type { SimulatedResponse } from "../../simulator.ts";
import type { Address, CloudResource, Instance, Volume } from "../../world/index.ts";
import { accountNamed } from "./names.ts";
import { type Call, Refusal, xmlAnswer } from "./protocol.ts";
import type { Xml } from "./xml.ts";

/** EC2: machines, disks and addresses of one account in one region. */

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

export function machines(call: Call): SimulatedResponse {
  const { operation } = call;
  if (operation === "DescribeInstances") {
    const { items, next } = paged(call, "instance");
    const reservations = items.map((machine) => ({
      reservationId: `r-${machine.id.slice(2)}`,
      ownerId: call.account,
      instancesSet: { item: instance(machine) },
    }));
    return xmlAnswer("DescribeInstancesResponse", { reservationSet: { item: reservations }, nextToken: next }, NAMESPACE);
  }
  if (operation === "DescribeVolumes") {
    const { items, next } = paged(call, "volume");
    return xmlAnswer("DescribeVolumesResponse", { volumeSet: { item: items.map(volume) }, nextToken: next }, NAMESPACE);
  }
  if (operation === "DescribeAddresses")
    return xmlAnswer("DescribeAddressesResponse", { addressesSet: { item: standing(call, "address").map(address) } }, NAMESPACE);
  throw new Refusal("InvalidAction", `The action ${operation} is not valid for this web service.`);
}

/** What of a kind stands in the account and region of the call. */
export function standing<K extends CloudResource["kind"]>(
  { world, account, region }: Pick<Call, "world" | "account" | "region">,
  kind: K,
): Extract<CloudResource, { kind: K }>[] {
  return world
    .resources()
    .filter(
      (resource): resource is Extract<CloudResource, { kind: K }> =>
        resource.kind === kind && accountNamed(resource.account) === account && resource.region === region,
    );
}

const MOST = 1_000;
const LEAST = 5;

function paged<K extends "instance" | "volume">(
  call: Call,
  kind: K,
): { items: Extract<CloudResource, { kind: K }>[]; next: string | undefined } {
  const asked = Number(call.input.MaxResults ?? MOST);
  if (!Number.isInteger(asked) || asked < LEAST)
    throw new Refusal("InvalidParameterValue", `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value greater than 5.`);
  const size = Math.min(asked, MOST);
  const all = standing(call, kind);
  const at = Number(call.input.NextToken ?? 0);
  return { items: all.slice(at, at + size), next: at + size < all.length ? String(at + size) : undefined };
}

function instance({ id, type, state, zone, createdAt, tags }: Instance): Xml {
  return {
    instanceId: id,
    imageId: "ami-0f1e2d3c4b5a69788",
    instanceState: { code: state === "running" ? 16 : 80, name: state },
    instanceType: type,
    launchTime: createdAt.replace("Z", ".000Z"),
    placement: { availabilityZone: zone, tenancy: "default" },
    monitoring: { state: "disabled" },
    platformDetails: "Linux/UNIX",
    tagSet: tagSet(tags),
  };
}

function volume({ id, type, sizeGb, instance: machine, region, createdAt, tags }: Volume): Xml {
  return {
    volumeId: id,
    size: sizeGb,
    availabilityZone: `${region}a`,
    status: machine ? "in-use" : "available",
    createTime: createdAt.replace("Z", ".000Z"),
    volumeType: type,
    encrypted: true,
    attachmentSet: machine ? { item: [{ volumeId: id, instanceId: machine, device: "/dev/xvda", status: "attached" }] } : {},
    tagSet: tagSet(tags),
  };
}

function address({ id, ip, instance: machine, tags }: Address): Xml {
  return {
    publicIp: ip,
    allocationId: id,
    domain: "vpc",
    ...(machine ? { instanceId: machine, associationId: `eipassoc-${id.slice(9)}` } : {}),
    tagSet: tagSet(tags),
  };
}

function tagSet(tags: Readonly<Record<string, string>>): Xml {
  return { item: Object.entries(tags).map(([key, value]) => ({ key, value })) };
}
