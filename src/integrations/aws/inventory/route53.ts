import { readPages } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import type { Estate } from "./accounts.ts";
import { readMetrics } from "./cloud-metrics.ts";
import type { Found } from "./read.ts";
import { type Resource, USE_DAYS } from "./resource.ts";
import { zonesAnswer } from "./schema.ts";

const MOST_PAGES = 10;
const DAY = 86_400;
/** Where Route 53 writes its figures. */
const METRICS_REGION = "us-east-1";

/** Hosted zones; of public ones, how often they were asked. */
export async function readRoute53(client: AwsClient, { account }: Estate, signal: AbortSignal): Promise<Found> {
  const { items, truncated } = await readPages(
    async (cursor) => {
      const answer = await client.ask(
        {
          ...{ service: "route53" as const, place: { region: METRICS_REGION, role: account.role }, action: "route53:ListHostedZones" },
          command: "ListHostedZones",
          input: cursor === undefined ? {} : { Marker: cursor },
        },
        zonesAnswer,
        signal,
      );
      return { items: answer.HostedZones, next: answer.IsTruncated ? (answer.NextMarker ?? undefined) : undefined };
    },
    { pages: MOST_PAGES, what: "hosted zones" },
  );
  const zones = items.map((node) => ({
    ...node,
    id: node.Id.replace(/^\/hostedzone\//, ""),
    isPrivate: node.Config?.PrivateZone === true,
  }));
  const open = zones.filter(({ isPrivate }) => !isPrivate);
  const asked = await readMetrics(
    client,
    { region: METRICS_REGION, role: account.role },
    open.map(({ id }) => ({
      ...{ key: id, namespace: "AWS/Route53", metric: "DNSQueries", stat: "Sum" as const, period: DAY },
      dimensions: { HostedZoneId: id },
    })),
    signal,
  );
  const resources = zones.map(({ id, Name, isPrivate }): Resource => {
    const queries = (asked.get(id) ?? []).reduce((sum, value) => sum + value, 0);
    return {
      ...{ kind: "zones", id, name: Name.replace(/\.$/, ""), account, region: "global", isPrivate },
      ...(isPrivate ? {} : { use: { hours: USE_DAYS * 24, queries } }),
    };
  });
  return { resources, truncated: truncated ? [truncated] : [] };
}
