import { addDays, addUnits, endOf, fromInstant, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";
import { clip } from "../../core/period.ts";
import { recordFeed } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { type Cached, type Pages, readPages, stampOf, type VendorHttp } from "../http.ts";
import { type Incident, incidentsPage } from "./schema.ts";

const PAGE = 100;
/** PagerDuty refuses to list more than ten thousand of one window. */
const MOST_PAGES = 100;
const HOST = /(^|\.)pagerduty\.com$/;
const OPERATION = "list incidents";

/** Incidents by the UTC day they were opened. */
export function incidentFeed(http: VendorHttp, now: () => Date): Feed {
  const today = () => fromInstant(now());
  const covers = (): Period => ({ from: startOf("month", addUnits("month", today(), -24)), to: today() });

  async function read({ from, to }: Period, signal: AbortSignal): Promise<Pages<FeedRecord>> {
    // The end is exclusive.
    const query = {
      since: `${from}T00:00:00Z`,
      until: `${addDays(to, 1)}T00:00:00Z`,
      time_zone: "UTC",
      sort_by: "created_at:asc",
      limit: PAGE,
    };
    const { items, truncated } = await readPages(
      async (offset) => {
        const page = await http.json(
          { path: "incidents", query: { ...query, offset: offset ?? 0 }, operation: OPERATION },
          incidentsPage,
          signal,
        );
        return { items: page.incidents, next: page.more ? String(Number(offset ?? 0) + PAGE) : undefined };
      },
      { pages: MOST_PAGES, what: `incidents since ${from}` },
    );
    return { items: items.map(recordOf), ...(truncated ? { truncated } : {}) };
  }

  return recordFeed({
    ...{ name: "pagerduty_incidents", kind: "incidents", title: "PagerDuty incidents", covers },
    measures: [
      { name: "incidents", unit: "count" },
      { name: "hours_to_resolve", unit: "h", aggregate: "mean", of: ({ numbers }) => numbers.hours_to_resolve },
    ],
    dimensions: ["service", "severity", "status", "team", "urgency"],
    async load(period, signal) {
      signal.throwIfAborted();
      const quarters = quartersOf(period, covers());
      const parts: Cached<Pages<FeedRecord>>[] = [];
      for (const quarter of quarters) {
        const load = (during: AbortSignal) => read(quarter, during);
        parts.push(await http.cached(`incidents ${quarter.from}`, load, signal, { operation: OPERATION }));
      }
      const [first, ...others] = parts;
      const truncated = parts.flatMap(({ value }) => value.truncated ?? []).join("; ");
      const records = new Map(parts.flatMap(({ value }) => value.items).map((record) => [record.id, record]));
      const isWithin = ({ at }: FeedRecord) => at !== undefined && fromInstant(at) >= period.from && fromInstant(at) <= period.to;
      return {
        records: [...records.values()].filter(isWithin).sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)),
        receipts: [
          {
            ...(first
              ? stampOf(first, ...others)
              : { fetchedAt: now(), status: http.demo ? "demo" : "live", notes: [`PagerDuty is asked for ${covers().from} to today.`] }),
            id: `pagerduty-incidents-${period.from}-${period.to}`,
            source: "PagerDuty",
            query: `incidents opened, ${period.from} to ${period.to} (UTC days)`,
            window: period,
            ...(truncated ? { truncated } : {}),
          },
        ],
      };
    },
  });
}

/** The quarters a period touches, whole: one window may span half a year at most. */
function quartersOf(period: Period, covers: Period): Period[] {
  const known = clip(period, covers);
  const quarters: Period[] = [];
  if (!known) return quarters;
  for (let from = startOf("quarter", known.from); from <= known.to; from = addUnits("quarter", from, 1))
    quarters.push({ from, to: endOf("quarter", from) });
  return quarters;
}

const SEVERITIES = ["critical", "high", "medium", "low", "low"];

/** By its priority (P1 to P5, SEV-1 …) where the account has set some, else by its urgency. */
function severityOf({ priority, urgency }: Incident): string | undefined {
  const level = /^(?:P|SEV[- ]?)([1-5])\b/i.exec(priority?.summary ?? "")?.[1];
  return level ? SEVERITIES[Number(level) - 1] : urgency === "high" || urgency === "low" ? urgency : undefined;
}

function recordOf(incident: Incident): FeedRecord {
  const { id, title, description, created_at: created, status, teams, service, urgency, html_url: page } = incident;
  const acknowledged = incident.acknowledgements?.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime())[0];
  const resolved = status === "resolved" ? (incident.resolved_at ?? incident.last_status_change_at ?? undefined) : undefined;
  const labels = {
    service: service?.summary,
    severity: severityOf(incident),
    status: status === "resolved" ? "resolved" : "open",
    team: teams?.[0]?.summary,
    urgency,
  };
  return {
    id,
    at: created,
    title: title ?? description ?? `Incident ${incident.incident_number}`,
    ...(page && HOST.test(new URL(page).hostname) ? { url: page } : {}),
    labels: Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => Boolean(entry[1]))),
    numbers: resolved ? { hours_to_resolve: (resolved.getTime() - created.getTime()) / 3_600_000 } : {},
    times: { created, ...(acknowledged ? { acknowledged } : {}), ...(resolved ? { resolved } : {}) },
  };
}
