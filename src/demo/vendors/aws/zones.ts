import type { SimulatedResponse } from "../../simulator.ts";
import type { HostedZone } from "../../world/index.ts";
import { accountNamed } from "./names.ts";
import { type Call, Refusal, xmlAnswer } from "./protocol.ts";

/** Route 53: the hosted zones of one account. */

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";
const PAGE = 100;

export function zones({ world, account, request: { method, path, query } }: Call): SimulatedResponse {
  if (method !== "GET" || path !== "/2013-04-01/hostedzone") throw new Refusal("NoSuchOperation", "There is no such operation.", 404);
  const all = world.resources().filter((r): r is HostedZone => r.kind === "zone" && accountNamed(r.account) === account);
  const size = Math.min(Number(query.get("maxitems") ?? PAGE), PAGE);
  const marker = query.get("marker");
  const at = marker === null ? 0 : all.findIndex(({ id }) => id === marker);
  if (at < 0) throw new Refusal("NoSuchHostedZone", `No hosted zone found with ID: ${marker}`, 404);
  const next = all[at + size];
  return xmlAnswer(
    "ListHostedZonesResponse",
    {
      HostedZones: {
        HostedZone: all.slice(at, at + size).map((zone) => ({
          Id: `/hostedzone/${zone.id}`,
          Name: `${zone.name}.`,
          CallerReference: zone.createdAt,
          Config: { PrivateZone: zone.private },
          ResourceRecordSetCount: zone.records,
        })),
      },
      IsTruncated: next !== undefined,
      NextMarker: next?.id,
      MaxItems: size,
    },
    NAMESPACE,
  );
}
