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
/** Nothing that was sent there can be changed. */
const MAIL_CHANNEL = "email";
/** So that what came before the alert is in the first mail of it. */
const MAIL_WAITS_MS = 60_000;

/** The first time: a card in each place. Gives the alert with its cards. */
export async function tellFirst(tx: AlertChanges, alert: Alert, { plan, hooks, now }: TellOptions): Promise<Alert> {
  const places = destinationsOf(alert, plan, now);
  const cards = places.map((place) => cardIn(alert, place));
  const told = { ...alert, told: true as const, cards: [...alert.cards, ...cards] };
  await tx.save(told);
  await tx.post([...postsOf(told, places, now), ...hookPosts("alert.firing.v1", told, hooks)], []);
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
    ...{ key: `${card.key}:v${alert.version}`, of: card.key, reply: replyIn(alert, card) },
    onlyUnsent: card.channel === MAIL_CHANNEL,
  }));
  const over = alert.endedAt ? mailsAfter(alert, replyOf) : [];
  await tx.post([...over, ...hookPosts(`alert.${alert.state}.v1`, alert, hooks)], edits);
}

/** It is back after a short rest. A card says so where it stands; by mail it takes another mail. */
export async function tellBack(tx: AlertChanges, alert: Alert): Promise<void> {
  await tx.post(
    mailsAfter(alert, () => reminder(alert, "It is back:")),
    [],
  );
}

/** One more mail in the thread of each that was sent. */
function mailsAfter(alert: Alert, words: (alert: Alert, card: AlertCard) => Reply): Post[] {
  return alert.cards
    .filter(({ channel }) => channel === MAIL_CHANNEL)
    .map((card) => {
      const { key, channel, conversation } = card;
      return { key: `${key}:mail${alert.version}`, channel, conversation, reply: JSON.stringify(words(alert, card)), after: key };
    });
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
  await tx.post(postsOf(passed, fresh, now), []);
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

function postsOf(alert: Alert, places: readonly Destination[], now: Date): Post[] {
  return places.map((place) => {
    const card = cardIn(alert, place);
    const opens = place.channel === MAIL_CHANNEL ? (place.notBefore ?? new Date(now.getTime() + MAIL_WAITS_MS)) : place.notBefore;
    return { ...card, reply: replyIn(alert, card), ...(opens ? { notBefore: opens } : {}) };
  });
}

/** Kept as a turn, so that a question in its thread knows what it is about. */
function replyIn(alert: Alert, card: AlertCard): string {
  return JSON.stringify(replyOf(alert, card));
}

function replyOf(alert: Alert, { key, channel, conversation }: AlertCard): Reply {
  if (channel === MAIL_CHANNEL) return mailOf(alert);
  const figure = alert.members[0]?.figure;
  const tools = figure?.asked ? [callOf(figure.asked, figure)] : [];
  return { ...alertCard(alert), turn: { id: key, conversation, agent: "deterministic", tools } };
}

/** A card without its buttons: what they would do is said. */
function mailOf(alert: Alert): Reply {
  const { actions: _, suggestions: __, card: ___, ...reply } = alertCard(alert);
  const how = `In chat: \`/alerts acknowledge ${alert.id}\`, \`/alerts snooze ${alert.id} for 1 day\` or \`/alerts expected ${alert.id}\`.`;
  // Nobody is heard below a mail.
  const text = reply.text.replaceAll("” below.", "” in the chat.").replace("Press “Expected”", "Say “expected” there");
  return { ...reply, text: alert.endedAt ? text : `${text}\n\n${how}` };
}

function callOf({ feed, measure, filter }: { feed: string; measure: string; filter: object }, { from, to }: { from: string; to: string }) {
  return { name: "explain_change", input: { dataset: feed, measure, filter, period: { from, to } } };
}

/** One signed event per webhook that wants it. The key is the event's id for good. */
function hookPosts(event: string, alert: Alert, hooks: readonly Hook[]): Post[] {
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
