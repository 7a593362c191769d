import { z } from "zod";
import { addDays, addUnits, endOf, fromInstant, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";
import { type CheckResult, defineIntegration } from "../../core/integration.ts";
import { clip } from "../../core/period.ts";
import { recordFeed } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { plainWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import { type Cached, createVendorHttp, type Pages, readPages, stampOf, type VendorHttp } from "../http.ts";
import { type Issue, issuesPage, organisation } from "./schema.ts";

/** Errors as Sentry groups them, by the day each was first seen. */
export const sentry = defineIntegration({
  name: "sentry",
  title: "Sentry",
  topics: ["Sentry", "new errors", "crashes", "exceptions"],
  kinds: ["issues"],
  settings: z.object({
    SENTRY_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("An organisation token of Sentry with org:read and event:read: Settings, Auth Tokens."),
    SENTRY_ORG: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/)
      .describe("The organisation's slug, as in its address: https://SLUG.sentry.io."),
    SENTRY_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://sentry.io")
      .describe("Only for a Sentry of your own or a region: https://de.sentry.io."),
  }),
  requires: ["SENTRY_TOKEN", "SENTRY_ORG"],

  async connect({ SENTRY_TOKEN, SENTRY_ORG, SENTRY_URL }, context) {
    const http = createVendorHttp({
      vendor: "Sentry",
      baseUrl: SENTRY_URL.replace(/\/+$/, ""),
      context,
      credentials: "SENTRY_TOKEN",
      address: "SENTRY_URL",
      permissions: "org:read and event:read",
      headers: { authorization: `Bearer ${SENTRY_TOKEN}` },
    });
    return {
      tools: [],
      feeds: [errorFeed(http, SENTRY_ORG, new URL(SENTRY_URL).hostname, context.now)],
      check: (signal) => check(http, SENTRY_ORG, signal),
      close: () => http.close(),
    };
  },
});

const PAGE = 100;
const MOST_PAGES = 30;
const OPERATION = "list issues";
/** Sentry keeps errors for ninety days. */
const KEPT_DAYS = 90;

function errorFeed(http: VendorHttp, org: string, host: string, now: () => Date): Feed {
  const today = () => fromInstant(now());
  const covers = (): Period => ({ from: addDays(today(), -KEPT_DAYS), to: today() });

  async function read({ from, to }: Period, signal: AbortSignal): Promise<Pages<FeedRecord>> {
    const wanted = `firstSeen:>=${from}T00:00:00 firstSeen:<${addDays(to, 1)}T00:00:00`;
    const { items, truncated } = await readPages(
      async (page) => {
        const offset = Number(page ?? 0);
        const query = { query: wanted, project: -1, sort: "new", limit: PAGE, ...(offset > 0 ? { cursor: `0:${offset}:0` } : {}) };
        const issues = await http.json({ path: `api/0/organizations/${org}/issues/`, query, operation: OPERATION }, issuesPage, signal);
        return { items: issues, next: issues.length === PAGE ? String(offset + PAGE) : undefined };
      },
      { pages: MOST_PAGES, what: `errors first seen since ${from}` },
    );
    return { items: items.map((issue) => recordOf(issue, host)), ...(truncated ? { truncated } : {}) };
  }

  return recordFeed({
    ...{ name: "sentry_errors", kind: "issues", title: "Sentry errors", covers },
    measures: [
      { name: "new_errors", unit: "count" },
      { name: "error_events", unit: "count", of: ({ numbers }) => numbers.events },
      { name: "users_with_errors", unit: "count", aggregate: "mean", of: ({ numbers }) => numbers.users },
    ],
    dimensions: ["project", "level", "status", "platform"],
    async load(period, signal) {
      signal.throwIfAborted();
      const parts: Cached<Pages<FeedRecord>>[] = [];
      for (const month of monthsOf(period, covers())) {
        const load = (during: AbortSignal) => read(month, during);
        parts.push(await http.cached(`errors ${month.from}`, load, signal, { operation: OPERATION }));
      }
      const [first, ...others] = parts;
      const truncated = parts.flatMap(({ value }) => value.truncated ?? []).join("; ");
      const isWithin = ({ at }: FeedRecord) => at !== undefined && fromInstant(at) >= period.from && fromInstant(at) <= period.to;
      const records = new Map(parts.flatMap(({ value }) => value.items).map((record) => [record.id, record]));
      return {
        records: [...records.values()].filter(isWithin).sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)),
        receipts: [
          {
            ...(first
              ? stampOf(first, ...others)
              : { fetchedAt: now(), status: http.demo ? "demo" : "live", notes: [`Sentry keeps errors of ${KEPT_DAYS} days.`] }),
            id: `sentry-errors-${period.from}-${period.to}`,
            source: `Sentry (${org})`,
            query: `errors first seen, ${period.from} to ${period.to} (UTC days)`,
            window: period,
            ...(truncated ? { truncated } : {}),
          },
        ],
      };
    },
  });
}

function monthsOf(period: Period, covers: Period): Period[] {
  const known = clip(period, covers);
  const months: Period[] = [];
  if (!known) return months;
  for (let from = startOf("month", known.from); from <= known.to; from = addUnits("month", from, 1))
    months.push({ from, to: endOf("month", from) });
  return months;
}

/** Events and users are counted since the error was first seen. When it was resolved, Sentry's list does not say. */
function recordOf(issue: Issue, host: string): FeedRecord {
  const { id, shortId, title, level, status, platform, project, count, userCount, firstSeen, lastSeen, permalink } = issue;
  const labels = { project: project.slug, level, status, platform };
  const home = permalink ? new URL(permalink).hostname : "";
  return {
    id: shortId ?? id,
    at: firstSeen,
    title: plainWords(title),
    ...(permalink && (home === host || home.endsWith(`.${host}`)) ? { url: permalink } : {}),
    labels: Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => Boolean(entry[1]))),
    numbers: {
      ...(typeof count === "number" && Number.isFinite(count) ? { events: count } : {}),
      ...(typeof userCount === "number" ? { users: userCount } : {}),
    },
    times: { created: firstSeen, last_seen: lastSeen },
  };
}

async function check(http: VendorHttp, org: string, signal: AbortSignal): Promise<CheckResult[]> {
  const name = "Sentry";
  try {
    const { name: title } = await http.json({ path: `api/0/organizations/${org}/`, operation: "read organisation" }, organisation, signal);
    const query = { query: "", project: -1, limit: 1 };
    await http.json({ path: `api/0/organizations/${org}/issues/`, query, operation: OPERATION }, issuesPage, signal);
    return [{ name, state: "ok", message: `The token reads the errors of ${plainWords(title)}` }];
  } catch (error) {
    const isRefused = error instanceof VendorError && (error.status === 401 || error.status === 403);
    const fix = isRefused
      ? "Make an organisation token in Sentry (Settings, Auth Tokens) with org:read and event:read, and put it into SENTRY_TOKEN."
      : "Check SENTRY_ORG, SENTRY_URL and the network, then run doctor again.";
    return [{ name, state: "failed", message: explainError(error), fix }];
  }
}
