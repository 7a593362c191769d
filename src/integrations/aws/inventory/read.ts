import { explainError, VendorError } from "../../../errors.ts";
import type { Cached } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import type { Explorer, Meter } from "../costs/explorer.ts";
import { type Estate, readEstates } from "./accounts.ts";
import { readEc2 } from "./ec2.ts";
import { readLightsail } from "./lightsail.ts";
import { readRds } from "./rds.ts";
import { KINDS, type Kind, type Resource } from "./resource.ts";
import { readRoute53 } from "./route53.ts";
import { readS3 } from "./s3.ts";

/** What one service of one account gave. */
export interface Found {
  resources: readonly Resource[];
  truncated: readonly string[];
  /** USD a month by Lightsail bundle. */
  prices?: Readonly<Record<string, number>>;
}

export interface Inventory {
  resources: readonly Resource[];
  bundles: Readonly<Record<string, number>>;
  /** What the answer is made of, for its receipt. */
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]];
  truncated: readonly string[];
  /** What could not be looked at, and why. */
  notes: readonly string[];
  estates: readonly Estate[];
}

const SECTIONS: readonly {
  name: string;
  kinds: readonly Kind[];
  read(client: AwsClient, estate: Estate, signal: AbortSignal): Promise<Found>;
}[] = [
  { name: "EC2", kinds: ["instances", "volumes", "addresses"], read: readEc2 },
  { name: "RDS", kinds: ["databases"], read: readRds },
  { name: "S3", kinds: ["buckets"], read: readS3 },
  { name: "Route 53", kinds: ["zones"], read: readRoute53 },
  { name: "Lightsail", kinds: ["lightsail"], read: readLightsail },
];

/**
 * All that stands in the accounts, each service of each account remembered for five minutes. One that fails beside others that
 * answer is noted; when all fail the first failure is thrown.
 */
export async function readInventory(
  client: AwsClient,
  explorer: Explorer,
  kinds: readonly Kind[] | undefined,
  meter: Meter,
  signal: AbortSignal,
): Promise<Inventory> {
  const { estates, note } = await readEstates(client, explorer, meter, signal);
  const wanted = SECTIONS.filter((section) => section.kinds.some((kind) => (kinds ?? KINDS).includes(kind)));
  const looks = estates.flatMap((estate) => wanted.map((section) => ({ estate, section })));
  const settled = await Promise.allSettled(
    looks.map(({ estate, section }) => {
      const key = `inventory ${section.name} ${estate.account.id} ${estate.regions.join()}`;
      return client.http.cached(key, (inner) => section.read(client, estate, inner), signal, { operation: `${section.name} inventory` });
    }),
  );
  signal.throwIfAborted();
  const given = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.flatMap((result, i) =>
    result.status === "rejected" ? [{ look: looks[i], reason: result.reason as unknown }] : [],
  );
  const [first, ...others] = given;
  if (!first) throw failed[0]?.reason;
  for (const { reason } of failed) if (!(reason instanceof VendorError)) throw reason;
  const said = Map.groupBy(failed, ({ look, reason }) => `${look?.estate.account.name}: ${explainError(reason)}`);
  const notes = [...said].map(([words, some]) => `Without ${some.map(({ look }) => look?.section.name).join(", ")} of ${words}`);
  return {
    resources: given.flatMap(({ value }) => value.resources).filter(({ kind }) => (kinds ?? KINDS).includes(kind)),
    bundles: Object.assign({}, ...given.map(({ value }) => value.prices ?? {})) as Record<string, number>,
    parts: [first, ...others],
    truncated: [...new Set(given.flatMap(({ value }) => value.truncated))],
    notes: [...(note ? [note] : []), ...notes],
    estates,
  };
}
