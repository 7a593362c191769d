import { VendorError } from "../../../errors.ts";
import { readPages } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import type { Estate } from "./accounts.ts";
import { readMetrics } from "./cloud-metrics.ts";
import type { Found } from "./read.ts";
import { GB, type Resource } from "./resource.ts";
import { bucketsAnswer, lifecycleAnswer } from "./schema.ts";

const PAGE = 1_000;
const MOST_PAGES = 10;
const DAY = 86_400;
const WARM = "StandardStorage";
const COLDER = [
  "StandardIAStorage",
  "IntelligentTieringFAStorage",
  "IntelligentTieringIAStorage",
  "GlacierInstantRetrievalStorage",
  "GlacierStorage",
  "DeepArchiveStorage",
];
/** Smaller buckets are not worth a rule, nor the look whether they have one. */
const WORTH_A_RULE_GB = 500;
const MOST_RULES_READ = 60;
/** What may stand in an address. */
const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/;

/** Buckets with their size, which CloudWatch knows once a day, and whether old objects are moved or deleted. */
export async function readS3(client: AwsClient, { account }: Estate, signal: AbortSignal): Promise<Found> {
  const home = { region: client.settings.AWS_REGION, role: account.role };
  const { items, truncated } = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "s3" as const, place: home, action: "s3:ListAllMyBuckets" },
          command: "ListBuckets",
          input: { MaxBuckets: PAGE, ...(cursor === undefined ? {} : { ContinuationToken: cursor }) },
        },
        bucketsAnswer,
        signal,
      );
      return { items: answer.Buckets, next: answer.ContinuationToken ?? undefined };
    },
    { pages: MOST_PAGES, what: "buckets" },
  );
  const byRegion = Map.groupBy(items, ({ BucketRegion }) => BucketRegion || home.region);
  const sizes = await Promise.all(
    [...byRegion].map(([region, some]) =>
      readMetrics(
        client,
        { ...home, region },
        some.flatMap(({ Name }) => sizeMetrics(Name)),
        signal,
      ),
    ),
  );
  const sizeOf = (name: string, type: string) =>
    (sizes.map((size) => size.get(`${name} ${type}`)?.[0]).find((v) => v !== undefined) ?? 0) / GB;
  const found = items.map((node): Resource => {
    const warm = sizeOf(node.Name, WARM);
    const coldGb = COLDER.reduce((sum, type) => sum + sizeOf(node.Name, type), 0);
    return {
      ...{ kind: "buckets", id: node.Name, name: node.Name, account, region: node.BucketRegion || home.region },
      ...{ sizeGb: warm + coldGb, coldGb },
      ...(node.CreationDate ? { createdAt: node.CreationDate } : {}),
    };
  });
  const large = found.filter(({ sizeGb = 0 }) => sizeGb >= WORTH_A_RULE_GB).sort((a, b) => (b.sizeGb ?? 0) - (a.sizeGb ?? 0));
  const rules = new Map(
    await Promise.all(large.slice(0, MOST_RULES_READ).map(async (bucket) => [bucket.id, await hasRules(client, bucket, signal)] as const)),
  );
  const resources = found.map((bucket) => {
    const hasLifecycle = rules.get(bucket.id);
    return hasLifecycle === undefined ? bucket : { ...bucket, hasLifecycle };
  });
  return { resources, truncated: truncated ? [truncated] : [] };
}

function sizeMetrics(name: string) {
  return [WARM, ...COLDER].map((type) => ({
    ...{ key: `${name} ${type}`, namespace: "AWS/S3", metric: "BucketSizeBytes", stat: "Average" as const, period: DAY },
    dimensions: { BucketName: name, StorageType: type },
  }));
}

/** undefined where it may not be seen: a bucket's own policy may forbid it. */
async function hasRules(client: AwsClient, { id, region, account }: Resource, signal: AbortSignal): Promise<boolean | undefined> {
  if (!BUCKET_NAME.test(id)) return undefined;
  try {
    const { Rules } = await client.ask(
      {
        ...{ service: "s3" as const, place: { region, role: account.role }, action: "s3:GetLifecycleConfiguration" },
        command: "GetBucketLifecycleConfiguration",
        input: { Bucket: id },
      },
      lifecycleAnswer,
      signal,
    );
    return Rules.some(({ Status }) => Status === "Enabled");
  } catch (error) {
    if (error instanceof VendorError && error.status === 404) return false;
    if (error instanceof VendorError && error.status === 403) return undefined;
    throw error;
  }
}
