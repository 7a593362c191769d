import { fromInstant } from "../../src/core/civil-date.ts";
import type { Feed } from "../../src/core/feed.ts";
import { recordFeed } from "../../src/core/record-feed.ts";
import type { FeedRecord, RecordKind } from "../../src/core/records.ts";

const FETCHED_AT = new Date("2026-11-21T09:30:00Z");

/** A feed whose records are in memory, as a vendor's would be: it honours the signal and gives a receipt. */
export function fixtureRecords(
  kind: RecordKind,
  records: readonly FeedRecord[],
  dimensions: readonly string[] = ["repository", "team"],
): Feed {
  return recordFeed({
    name: `forge ${kind}`,
    kind,
    title: kind,
    measures: [{ name: kind, unit: "count" }],
    dimensions,
    covers: () => ({ from: "2025-01-01", to: "2026-11-21" }),
    async load(period, signal) {
      signal.throwIfAborted();
      const inside = ({ at }: FeedRecord) => at !== undefined && fromInstant(at) >= period.from && fromInstant(at) <= period.to;
      const receipt = {
        id: `forge-${kind}`,
        source: "Forge",
        query: `all ${kind} by day`,
        window: period,
        fetchedAt: FETCHED_AT,
        status: "live" as const,
      };
      return { records: records.filter(inside), receipts: [receipt] };
    },
  });
}
