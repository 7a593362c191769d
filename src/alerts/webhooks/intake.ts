import { createHash } from "node:crypto";
import { HttpError, type HttpRequest } from "../../core/http.ts";
import { quoteForeign } from "../../errors.ts";
import { QueueFull, type WebhookDeliveries } from "../../records/webhook-deliveries.ts";
import type { Signal } from "../signal.ts";
import type { GenericMapping } from "./generic.ts";
import { type PipelineRun, runIn } from "./github.ts";
import { readDelivery } from "./read.ts";
import { isGenuine, isSnsAddress, jsonOf, SOURCES, type Source } from "./verify.ts";

export interface IntakeOptions {
  deliveries: WebhookDeliveries;
  /** Of each source that is turned on. */
  secrets: Readonly<Partial<Record<Source, string>>>;
  mapping: GenericMapping;
  take(signals: readonly Signal[]): Promise<void>;
  keepRun(run: PipelineRun): Promise<void>;
  /** Text at an https address of AWS. Rejects when it cannot be read. */
  read(url: string): Promise<string>;
  now(): Date;
  /** Something waits to be dealt with. */
  wake(): void;
  onFault(error: unknown): void;
  /** A genuine delivery that holds nothing we can read, and why: who set it up wants to know. */
  onUnread?(event: { source: string; reason: string }): void;
}

export interface WebhookIntake {
  /** Checks and keeps a delivery; resolves once it is on disk. Throws HttpError, and then nothing is kept. */
  receive(source: string, request: Pick<HttpRequest, "headers" | "body">): Promise<{ id: string; duplicate: boolean }>;
  /** Deals with what is kept, oldest first, until nothing is left. Never throws for what a delivery holds. */
  drain(signal: AbortSignal): Promise<void>;
}

type Batch = Awaited<ReturnType<WebhookDeliveries["waiting"]>>;

const BATCH = 50;
/** A vendor sends the same again within minutes; the same later is another event. */
const SAME_MS = 10 * 60_000;
/** So many causes of one source within the time are a storm, and become one alert. */
const STORM = { causes: 20, ms: 10 * 60_000 } as const;
const CERTIFICATES = 20;

export function createIntake(options: IntakeOptions): WebhookIntake {
  const { deliveries, secrets, now } = options;
  const certificates = new Map<string, string>();
  const causes = new Map<string, Map<string, number>>();

  async function certificate(url: string): Promise<string> {
    const known = certificates.get(url) ?? (await options.read(url));
    if (certificates.size >= CERTIFICATES) certificates.clear();
    certificates.set(url, known);
    return known;
  }

  function keyOf(source: Source, { headers, body }: Pick<HttpRequest, "headers" | "body">): string {
    const own = source === "github" ? headers["x-github-delivery"] : source === "generic" ? headers["webhook-id"] : jsonOf(body)?.MessageId;
    if (source !== "dynatrace" && source !== "newrelic" && source !== "alertmanager" && typeof own === "string" && own !== "")
      return `${source}:${own.slice(0, 200)}`;
    return `${source}:${createHash("sha256").update(body).digest("hex")}:${Math.floor(now().getTime() / SAME_MS)}`;
  }

  /** The vendor's own confirmation that we want its deliveries. */
  async function confirm(body: Buffer): Promise<void> {
    const { Type, SubscribeURL: url } = jsonOf(body) ?? {};
    if (Type === "SubscriptionConfirmation" && typeof url === "string" && isSnsAddress(url)) await options.read(url);
  }

  async function genuine(source: Source, secret: string, { headers, body }: Pick<HttpRequest, "headers" | "body">): Promise<boolean> {
    try {
      return await isGenuine(source, { headers, body, secret, now: now(), certificate });
    } catch (error) {
      options.onFault(error);
      throw new HttpError(503, "The signature cannot be checked now: the vendor's certificate is out of reach.", {
        headers: { "retry-after": "60" },
      });
    }
  }

  /** What cannot be taken together is taken one by one, so that one delivery's trouble is not the others'. */
  async function deal(batch: Batch): Promise<void> {
    try {
      await dealWith(batch);
    } catch (error) {
      const [only] = batch;
      if (batch.length > 1) for (const one of batch) await deal([one]);
      else if (only) {
        options.onFault(error);
        await deliveries.settle([{ key: only.key, error: "it could not be taken; the log says why" }]);
      }
    }
  }

  async function dealWith(batch: Batch): Promise<void> {
    const signals: Signal[] = [];
    const ends: { key: string; error?: string }[] = [];
    for (const { key, source, body, receivedAt } of batch)
      try {
        const told = readDelivery(source as Source, body, receivedAt, options.mapping);
        const run = source === "github" ? runIn(jsonOf(body) ?? {}) : undefined;
        if (run?.finishedAt) await options.keepRun(run);
        signals.push(...told.map((signal) => inStorm(source, signal)));
        ends.push({ key });
      } catch (error) {
        const reason = quoteForeign(error instanceof Error ? error.message : "it cannot be read");
        ends.push({ key, error: reason });
        options.onUnread?.({ source, reason });
      }
    await options.take(signals);
    await deliveries.settle(ends);
  }

  /** Beyond so many causes at once nobody reads them one by one. */
  function inStorm(source: string, signal: Signal): Signal {
    const known = causes.get(source) ?? new Map<string, number>();
    causes.set(source, known);
    const at = now().getTime();
    for (const [group, seen] of known) if (at - seen > STORM.ms) known.delete(group);
    if (signal.state === "recovered" || known.has(signal.group)) return signal;
    if (known.size < STORM.causes) {
      known.set(signal.group, at);
      return signal;
    }
    const alertTitle = `A storm of alerts from ${source}: more than ${STORM.causes} causes within ${STORM.ms / 60_000} minutes`;
    return { ...signal, alertTitle, group: `storm:${source}`, windowMs: 6 * STORM.ms };
  }

  return {
    async receive(name, request) {
      const source = SOURCES.find((one) => one === name);
      const secret = source && secrets[source];
      if (!source || !secret) throw new HttpError(404, "No webhooks are taken here.");
      if (!(await genuine(source, secret, request)))
        throw new HttpError(401, "This delivery does not prove who sent it: check the secret on both sides.", {
          headers: { "www-authenticate": "Bearer" },
        });
      if (!jsonOf(request.body)) throw new HttpError(400, "The body must be a JSON object.");
      if (source === "sns") await confirm(request.body).catch(options.onFault);
      const key = keyOf(source, request);
      try {
        const fresh = await deliveries.keep({ key, source, body: request.body.toString("utf8") });
        if (fresh) options.wake();
        return { id: key, duplicate: !fresh };
      } catch (error) {
        if (error instanceof QueueFull)
          throw new HttpError(503, "Too many deliveries at once. Send it again in a moment.", { headers: { "retry-after": "5" } });
        throw error;
      }
    },

    async drain(signal) {
      while (!signal.aborted) {
        const batch = await deliveries.waiting(BATCH);
        if (batch.length === 0) return;
        await deal(batch);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
