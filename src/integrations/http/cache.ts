import type { ConnectContext } from "../../core/integration.ts";
import { createLru } from "../../core/lru.ts";
import { untilAborted } from "../../core/until-aborted.ts";
import { VendorError } from "../../errors.ts";
import { span } from "./words.ts";

export interface Cached<T> {
  /** Shared between callers: do not change it. */
  value: T;
  /** When the vendor was asked for it. */
  fetchedAt: Date;
  /** stale: the vendor failed and this is its last good answer. demo: from the simulated company, also when old. */
  status: "live" | "stale" | "demo";
  /** Why it is old and how old, in words for a receipt's note; absent when it is fresh. */
  reason?: string;
}

export interface CacheOptions {
  /** How long a value is fresh, in milliseconds. Default five minutes. */
  ttlMs?: number;
  /** How old a value may be to be served when the vendor fails, in milliseconds. Default 24 hours. */
  staleMs?: number;
  /** Name for the metrics, from a fixed set. */
  operation?: string;
}

export interface Cache {
  cached<T>(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, options?: CacheOptions): Promise<Cached<T>>;
}

interface CacheSettings {
  vendor: string;
  demo: boolean;
  context: ConnectContext;
  explain(cause: unknown): unknown;
}

interface Entry {
  value: unknown;
  fetchedAt: Date;
}

/** A load that runs, and how many wait for it. */
interface Flight {
  entry: Promise<Entry>;
  controller: AbortController;
  waiting: number;
}

const FRESH_MS = 5 * 60_000;
const STALE_MS = 24 * 3_600_000;
const ENTRIES = 200;

export function createCache({ vendor, demo, context, explain }: CacheSettings): Cache {
  const entries = createLru<Entry | undefined>(ENTRIES);
  const flights = new Map<string, Flight>();

  function ageOf({ fetchedAt }: Entry): number {
    return context.now().getTime() - fetchedAt.getTime();
  }

  function takeOff(key: string, load: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const fetchedAt = context.now();
    const entry = (async () => ({ value: await load(controller.signal), fetchedAt }))();
    const flight: Flight = { entry, controller, waiting: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    entry.then(
      (loaded) => {
        if (flights.get(key) === flight) entries.set(key, loaded);
        land();
      },
      // Those who wait see the error; when nobody does any more, nobody is to be told.
      land,
    );
    return flight;
  }

  /** Waits with the others. The last one to give up stops the load. */
  async function join(key: string, flight: Flight, signal: AbortSignal): Promise<Entry> {
    flight.waiting++;
    try {
      return await untilAborted(flight.entry, signal);
    } finally {
      if (--flight.waiting === 0 && flights.get(key) === flight) {
        flights.delete(key);
        flight.controller.abort(signal.reason);
      }
    }
  }

  function report(outcome: "cached" | "stale", operation = "cached answer"): void {
    context.onVendorCall?.({ vendor, operation, outcome, ms: 0, attempt: 0 });
  }

  return {
    async cached<T>(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, options: CacheOptions = {}) {
      const { ttlMs = FRESH_MS, staleMs = STALE_MS, operation } = options;
      signal.throwIfAborted();
      const label = ({ value, fetchedAt }: Entry): Cached<T> => ({ value: value as T, fetchedAt, status: demo ? "demo" : "live" });
      const known = entries.get(key);
      if (known && isWithin(ageOf(known), ttlMs)) {
        report("cached", operation);
        return label(known);
      }
      try {
        return label(await join(key, flights.get(key) ?? takeOff(key, load), signal));
      } catch (cause) {
        signal.throwIfAborted();
        const error = explain(cause);
        if (isRefusal(error)) entries.set(key, undefined);
        if (!known || !isOutage(error) || !isWithin(ageOf(known), staleMs)) throw error;
        report("stale", operation);
        const reason = `as of ${minuteOf(known.fetchedAt)} UTC, ${span(ageOf(known))} old, because ${firstSentence(error.message)}`;
        return { ...label(known), status: demo ? "demo" : "stale", reason };
      }
    },
  };
}

/** A clock that was set back makes ages negative: then nothing is known of the age. */
function isWithin(age: number, limit: number): boolean {
  return age >= 0 && age < limit;
}

/** The vendor said no: what it said yes to before must not be shown instead. */
function isRefusal(error: unknown): boolean {
  return error instanceof VendorError && [401, 403, 404].includes(error.status ?? 0);
}

/** The vendor is not to be had, or not to be understood. */
function isOutage(error: unknown): error is VendorError {
  return error instanceof VendorError && (error.status === undefined || error.status === 429 || error.status >= 500);
}

function minuteOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace("T", " ");
}

function firstSentence(text: string): string {
  return text.split(/\.\s|\.$/)[0] ?? text;
}
