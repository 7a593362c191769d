import { createHash } from "node:crypto";
import type { Alert, AlertCard } from "../core/alert.ts";
import { alertEvent } from "../core/alert-event.ts";
import type { Reply } from "../core/reply.ts";
import type { AlertChanges, Post, PostEdit } from "../records/alerts.ts";
import { alertCard, reminder } from "./card.ts";
import { changed } from "./lifecycle.ts";
import { type Destination, destinationsOf, escalationsOf } from "./routing.ts";
import type { AlertPlan } from "./rules.ts";

/** From a change of an alert to the words that go out, in the transaction of the change. */

export interface Hook {
  name: string;
  /** Which events it wants; all without it. */
  events?: readonly string[] | undefined;
}

export const HOOK_CHANNEL = "webhook";

/** The first time: a card in each place. Gives the alert with its cards. */
export async function tellFirst(tx: AlertChanges, alert: Alert, { plan, hooks, now }: TellOptions): Promise<Alert> {
  const places = destinationsOf(alert, plan, now);
  const cards = places.map((place) => cardIn(alert, place));
  const told = { ...alert, told: true as const, cards: [...alert.cards, ...cards] };
  await tx.save(told);
  await tx.post([...postsOf(told, places), ...hookPosts("alert.firing.v1", told, hooks)], []);
  return told;
}

export interface TellOptions {
  plan: AlertPlan;
  hooks: readonly Hook[];
  now: Date;
}

/** Every card says how it stands now. What is over before it went out does not go out. */
export async function tellAgain(tx: AlertChanges, alert: Alert, { hooks }: Pick<TellOptions, "hooks">): Promise<void> {
  if (!alert.told) return;
  if (alert.endedAt) await tx.takeBack(alert.cards.map(({ key }) => key));
  const edits: PostEdit[] = alert.cards.map((card) => ({
    key: `${card.key}:v${alert.version}`,
    of: card.key,
    reply: replyIn(alert, card),
  }));
  await tx.post(hookPosts(`alert.${alert.state}.v1`, alert, hooks), edits);
}

/** Nobody has acknowledged it: also told where its route says. undefined when that is not due. */
export async function escalate(tx: AlertChanges, alert: Alert, { plan, hooks, now }: TellOptions): Promise<Alert | undefined> {
  if (alert.state !== "firing" || alert.escalatedAt || !alert.told) return undefined;
  const standing = new Set(alert.cards.map(({ conversation }) => conversation));
  const places = escalationsOf(alert, plan, now);
  if (places.length === 0) return undefined;
  const fresh = places.filter(({ conversation }) => !standing.has(conversation));
  const passed = changed({ ...alert, cards: [...alert.cards, ...fresh.map((place) => cardIn(alert, place))] }, { escalatedAt: now }, now);
  await tx.save(passed);
  await tx.note(alert.id, { actor: "firstmate", action: "escalated" });
  await tellAgain(tx, { ...passed, cards: alert.cards }, { hooks });
  await tx.post(postsOf(passed, fresh), []);
  return passed;
}

/** The time it was snoozed for is over, and its signs are not: said in the threads of its cards, since a changed card rings nobody. */
export async function remind(tx: AlertChanges, alert: Alert, why: string): Promise<void> {
  const reply = JSON.stringify(reminder(alert, why));
  await tx.post(
    alert.cards.map(({ key, channel, conversation }) => ({
      key: `${key}:again${alert.version}`,
      channel,
      conversation,
      reply,
      after: key,
    })),
    [],
  );
}

function cardIn(alert: Alert, { channel, conversation }: Destination): AlertCard {
  const place = createHash("sha256").update(conversation).digest("hex").slice(0, 8);
  return { channel, conversation, key: `alert:${alert.id}:${place}` };
}

function postsOf(alert: Alert, places: readonly Destination[]): Post[] {
  return places.map((place) => {
    const card = cardIn(alert, place);
    return { ...card, reply: replyIn(alert, card), ...(place.notBefore ? { notBefore: place.notBefore } : {}) };
  });
}

/** Kept as a turn, so that a question in its thread knows what it is about. */
function replyIn(alert: Alert, { key, conversation }: AlertCard): string {
  const figure = alert.members[0]?.figure;
  const tools = figure?.asked ? [callOf(figure.asked, figure)] : [];
  return JSON.stringify({ ...alertCard(alert), turn: { id: key, conversation, agent: "deterministic", tools } } satisfies Reply);
}

function callOf({ feed, measure, filter }: { feed: string; measure: string; filter: object }, { from, to }: { from: string; to: string }) {
  return { name: "explain_change", input: { dataset: feed, measure, filter, period: { from, to } } };
}

/** One signed event per webhook that wants it. The key is the event's id for good. */
export function hookPosts(event: string, alert: Alert, hooks: readonly Hook[]): Post[] {
  return eventPosts(event, `${alert.id}:v${alert.version}`, alertEvent(alert), alert.changedAt, hooks);
}

export function eventPosts(event: string, id: string, data: object, at: Date, hooks: readonly Hook[]): Post[] {
  return hooks
    .filter(({ events }) => events === undefined || events.some((wanted) => wanted === event || wanted === event.replace(/\.v\d+$/, "")))
    .map(({ name }) => {
      const payload = { type: event, id: `${event}:${id}`, timestamp: at.toISOString(), data };
      return {
        key: `hook:${name}:${event}:${id}`,
        channel: HOOK_CHANNEL,
        conversation: `${HOOK_CHANNEL}:${name}`,
        reply: JSON.stringify({ text: JSON.stringify(payload), final: true } satisfies Reply),
      };
    });
}
