import { z } from "zod";
import { addDays, fromInstant } from "../core/civil-date.ts";
import { type CheckResult, type Connection, defineIntegration, type Integration } from "../core/integration.ts";
import { recordFeed } from "../core/record-feed.ts";
import type { FeedRecord } from "../core/records.ts";
import { explainError, VendorError } from "../errors.ts";
import { createVendorHttp, type VendorHttp } from "./http.ts";

/** What there is to know of a vendor that tells of deployments, incidents or tickets by one request and a token. */
export interface RecordVendor<Answer> {
  /** "shipyard": it is on where SHIPYARD_URL and SHIPYARD_TOKEN are set. The token is sent as a bearer. */
  name: string;
  title: string;
  kind: keyof typeof KINDS;
  /** Below its address. Asked with `from` and `to`, both days included, as civil dates in UTC. */
  path: string;
  /** The fields used; what does not match is told as a fault of the vendor. */
  answer: z.ZodType<Answer>;
  /** Labels one may split and filter by. */
  dimensions: readonly string[];
  /** `at`: an instant in ISO 8601. Labels, numbers and times carry the names of the kind (`core/records.ts`). */
  records(answer: Answer): readonly VendorRecord[];
}

export interface VendorRecord extends Partial<Omit<FeedRecord, "at">> {
  id: string;
  at: string;
}

const KINDS = {
  deploys: { measure: "deployments", times: (at: Date) => ({ started: at, finished: at }) },
  incidents: { measure: "incidents", times: (at: Date) => ({ created: at }) },
  issues: { measure: "issues", times: (at: Date) => ({ created: at }) },
} as const;

const COVERED_DAYS = 365;

/** A whole integration of a few lines. Where a vendor has pages, several resources or another way of proof, write `connect` yourself. */
export function recordVendor<Answer>(vendor: RecordVendor<Answer>): Integration {
  const { name, title, kind } = vendor;
  const prefix = name.toUpperCase().replaceAll("-", "_");
  const [address, credentials] = [`${prefix}_URL`, `${prefix}_TOKEN`];
  return defineIntegration({
    name,
    title,
    topics: [title],
    kinds: [kind],
    settings: z.object({
      [address]: z.url().describe(`Where ${title} answers.`),
      [credentials]: z.string().min(1).meta({ secret: true }).describe(`A token of ${title} that reads.`),
    }),
    requires: [address, credentials],
    async connect(settings, context) {
      const headers = { authorization: `Bearer ${String(settings[credentials])}` };
      const http = createVendorHttp({ vendor: title, baseUrl: String(settings[address]), context, credentials, address, headers });
      return connection(vendor, http, { credentials, today: () => fromInstant(context.now()) });
    },
  });
}

function connection<Answer>(
  { name, title, kind, path, answer, dimensions, records }: RecordVendor<Answer>,
  http: VendorHttp,
  { credentials, today }: { credentials: string; today(): string },
): Connection {
  const read = (from: string, to: string, signal: AbortSignal) =>
    http.json({ path, query: { from, to }, operation: `list ${path}` }, answer, signal);
  const feed = recordFeed({
    name,
    kind,
    title,
    measures: [{ name: KINDS[kind].measure, unit: "count" }],
    dimensions,
    covers: () => ({ from: addDays(today(), -COVERED_DAYS), to: today() }),
    async load({ from, to }, signal) {
      const { value, status, fetchedAt, reason } = await http.cached(`${from} ${to}`, (stop) => read(from, to, stop), signal);
      const found = records(value).map((record): FeedRecord => {
        const at = new Date(record.at);
        if (Number.isNaN(at.getTime())) throw new VendorError(title, `${title} gave a date that is none.`);
        return { labels: {}, numbers: {}, times: KINDS[kind].times(at), ...record, at };
      });
      const query = `${path} from ${from} to ${to}`;
      const receipt = { id: `${name}:${from}:${to}`, source: title, query, window: { from, to }, fetchedAt, status };
      return { records: found, receipts: [{ ...receipt, ...(reason ? { notes: [reason] } : {}) }] };
    },
  });
  return { tools: [], feeds: [feed], check: (signal) => checked(signal), close: () => http.close() };

  async function checked(signal: AbortSignal): Promise<CheckResult[]> {
    try {
      await read(today(), today(), signal);
      return [{ name: title, state: "ok", message: `${path} can be read.` }];
    } catch (error) {
      return [
        { name: title, state: "failed", message: explainError(error), fix: `Make a token that reads and put it into ${credentials}.` },
      ];
    }
  }
}
