import type { SimulatedResponse } from "../../simulator.ts";
import type { Bucket } from "../../world/index.ts";
import { accountNamed } from "./names.ts";
import { type Call, Refusal, xmlAnswer } from "./protocol.ts";
import type { Xml } from "./xml.ts";

/** S3: the buckets of one account, and whether something moves old objects to colder classes. */

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const PAGE = 10_000;

export function buckets({ world, account, request: { method, path, query } }: Call): SimulatedResponse {
  const all = world.resources().filter((r): r is Bucket => r.kind === "bucket" && accountNamed(r.account) === account);
  const [, name = ""] = path.split("/").map(decodeURIComponent);
  if (method !== "GET") throw new Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
  if (name === "") return list(all, query, account);
  const bucket = all.find((b) => b.name === name);
  if (!bucket) throw new Refusal("NoSuchBucket", "The specified bucket does not exist", 404);
  if (!query.has("lifecycle"))
    throw new Refusal("NotImplemented", "A header you provided implies functionality that is not implemented", 501);
  if (!bucket.lifecycle) throw new Refusal("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404);
  const rule = { ID: "cool-down", Status: "Enabled", Filter: { Prefix: "" }, Transition: [{ Days: 60, StorageClass: "GLACIER" }] };
  return xmlAnswer("LifecycleConfiguration", { Rule: [rule] }, NAMESPACE);
}

function list(all: readonly Bucket[], query: URLSearchParams, account: string): SimulatedResponse {
  const size = Math.min(Number(query.get("max-buckets") ?? PAGE), PAGE);
  const at = Number(query.get("continuation-token") ?? 0);
  const page = all.slice(at, at + size);
  // The region comes only to who asks for pages.
  const withRegion = query.has("max-buckets");
  const content: Xml = {
    Owner: { ID: account },
    Buckets: {
      Bucket: page.map(({ name, createdAt, region }) => ({
        Name: name,
        CreationDate: createdAt.replace("Z", ".000Z"),
        BucketRegion: withRegion ? region : undefined,
      })),
    },
    ContinuationToken: at + size < all.length ? String(at + size) : undefined,
  };
  return xmlAnswer("ListAllMyBucketsResult", content, NAMESPACE);
}
