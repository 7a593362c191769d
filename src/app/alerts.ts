import { randomUUID } from "node:crypto";
import type { AlertPlan } from "../alerts/rules.ts";
import type { AlertDesk } from "../core/alert.ts";
import type { Channel } from "../core/channel.ts";
import type { HttpRequest } from "../core/http.ts";
import type { ConnectContext } from "../core/integration.ts";
import type { Reply } from "../core/reply.ts";
import type { ClaimedPost } from "../storage/outbox.ts";
import { contextFor, eventPoster, keepRun, readAws } from "./alert-reach.ts";
import type { Running } from "./context.ts";
import { singly } from "./singly.ts";
import { webhookSecrets } from "./webhook-secrets.ts";

type House = Pick<Running, "config" | "log" | "telemetry" | "store" | "tools" | "sources" | "now" | "onFault" | "isDemo"> & {
  vendorContext: ConnectContext;
};

export interface Alerting {
  desk: AlertDesk;
  /** Further places to post: webhooks of others. */
  channels: readonly Pick<Channel, "name" | "send">[];
  /** Deals with what was delivered, and tells of it. Never throws; does not overlap itself, and neither does the next. */
  take(signal: AbortSignal): Promise<void>;
  /** Judges the rules that are due, and tells what they say. */
  judge(signal: AbortSignal): Promise<void>;
  idle(): Promise<void>;
  receive(source: string, request: Pick<HttpRequest, "headers" | "body">): Promise<{ id: string; duplicate: boolean }>;
  /** A post has arrived: others may want to know. */
  onSent(post: ClaimedPost, reply: Reply): Promise<void>;
  /** What to do when something waits to be dealt with, and when something waits to be posted. */
  onWake(wake: () => void, post: () => void): void;
}

const DAY_MS = 86_400_000;
const WEBHOOK_REFUSALS: Readonly<Record<number, string>> = { 400: "malformed", 401: "unproven", 404: "off", 503: "busy" };

/** Rules of firstmate.yaml, what vendors deliver, and the alerts that become of both. Throws ConfigError with every problem of the file. */
export async function createAlerting(house: House): Promise<Alerting> {
  const { config, store, now, onFault, log, isDemo } = house;
  const { readPlan } = await import("../alerts/rules.ts");
  const { readHooks } = await import("../alerts/hooks.ts");
  const { readMapping } = await import("../alerts/webhooks/generic.ts");
  const { createAlertEngine } = await import("../alerts/engine.ts");
  const { createAlertDesk } = await import("../alerts/desk.ts");
  const { createIntake } = await import("../alerts/webhooks/intake.ts");
  const { SOURCES } = await import("../alerts/webhooks/verify.ts");
  const isSource = (name: string) => SOURCES.some((one) => one === name);
  const { createHookChannel } = await import("../alerts/hook-channel.ts");
  const { eventPosts, HOOK_CHANNEL } = await import("../alerts/tell.ts");
  const { createAlerts } = await import("../records/alerts.ts");
  const { createWebhookDeliveries } = await import("../records/webhook-deliveries.ts");
  const lists = config.alerts ?? (isDemo ? (await import("../demo/alert-rules.ts")).DEMO_ALERTS : {});
  const plan = readPlan("alert_routes" in lists ? { alerts: lists.alerts, alertRoutes: lists.alert_routes } : { alerts: lists.alerts });
  await checkPlaces(plan, config);
  const hooks = readHooks("webhooks" in lists ? lists.webhooks : undefined);
  const mapping = readMapping("generic_webhook" in lists ? lists.generic_webhook : undefined);
  const alerts = createAlerts(store.database, now);
  const deliveries = createWebhookDeliveries(store.database, now);
  let wake = () => {};
  let post = () => {};
  const engine = createAlertEngine({
    plan,
    hooks,
    alerts,
    context: (at, signal, project) => contextFor(house, at, signal, project),
    now,
    newId: () => randomUUID().slice(0, 8),
    timeout: (ms) => AbortSignal.timeout(ms),
    onFault,
    onTold: () => post(),
    onAlert(event) {
      log.info("alert", event);
      house.telemetry.alert(event);
    },
  });
  const desk = createAlertDesk({
    alerts,
    plan,
    hooks,
    engine,
    maySee: async (user, project) => ((await house.sources.projects?.(user)) ?? []).some(({ id }) => id === project),
    now,
    wake: () => wake(),
  });
  const intake = createIntake({
    deliveries,
    secrets: webhookSecrets(config.core),
    mapping,
    take: (signals) => engine.take(signals),
    keepRun: (run) => keepRun(house, run),
    read: (url) => readAws(house, url),
    now,
    wake: () => wake(),
    onFault,
    onUnread({ source, reason }) {
      log.warn("a webhook could not be read", { source, reason });
      house.telemetry.webhook({ source, outcome: "unread" });
    },
  });
  let cleaned = 0;
  // What vendors deliver does not wait for a source that a rule reads.
  const judging = singly(async (signal) => {
    await engine.judge(signal);
    await engine.tell(signal);
  }, onFault);
  const taking = singly(async (signal) => {
    await intake.drain(signal);
    await engine.tell(signal);
    if (now().getTime() - cleaned < DAY_MS) return;
    cleaned = now().getTime();
    await deliveries.drop(new Date(cleaned - config.core.WEBHOOK_DAYS * DAY_MS));
    await alerts.drop(new Date(cleaned - config.core.ALERT_DAYS * DAY_MS));
  }, onFault);

  return {
    desk,
    channels: hooks.length > 0 ? [createHookChannel(hooks, eventPoster(house), now)] : [],
    async receive(source, request) {
      const told = (outcome: string) => house.telemetry.webhook({ source: isSource(source) ? source : "other", outcome });
      try {
        const taken = await intake.receive(source, request);
        told(taken.duplicate ? "duplicate" : "taken");
        return taken;
      } catch (error) {
        told(WEBHOOK_REFUSALS[(error as { status?: number }).status ?? 0] ?? "failed");
        throw error;
      }
    },
    take: taking.run,
    judge: judging.run,
    async idle() {
      await Promise.all([taking.idle(), judging.idle()]);
    },
    async onSent(post, reply) {
      const isDigest = post.key.startsWith("digest:") && !post.key.endsWith(":details");
      if (!isDigest || hooks.length === 0 || post.channel === HOOK_CHANNEL) return;
      const data = { channel: post.channel, conversation: post.conversation, text: reply.text };
      const posts = eventPosts("digest.sent.v1", post.key, data, now(), hooks);
      await alerts.change((tx) => tx.post(posts, []));
    },
    onWake(work, posting) {
      wake = work;
      post = posting;
    },
  };
}

/** Throws ConfigError with every place to which nothing can be posted. */
async function checkPlaces({ rules, routes }: AlertPlan, config: House["config"]): Promise<void> {
  const all = [...rules.map(({ to }) => to), ...routes.flatMap(({ to, escalate }) => [to, escalate?.to])];
  const places = [...new Set(all.filter((to) => to !== undefined))];
  if (places.length === 0) return;
  const { outsidePlaces } = await import("./outside-places.ts");
  const { whyOff } = await import("./channel-off.ts");
  const { ConfigError, UserError } = await import("../errors.ts");
  const outside = await outsidePlaces(config);
  const problems = places.flatMap((place) => {
    const [channel = ""] = place.split(":", 1);
    if (channel !== "email") return whyOff(channel, config) ?? [];
    try {
      outside(place.slice("email:".length));
      return [];
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  });
  if (problems.length > 0) throw new ConfigError([...new Set(problems)].map((problem) => `firstmate.yaml: alerts: ${problem}`));
}
