import type { Digest, DigestDesk, DigestOrder, DigestPlace, SubscribedDigest } from "../core/digest.ts";
import { formatNumber } from "../core/format.ts";
import { closest, listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";
import type { DigestRuns } from "../records/digest-runs.ts";
import type { DigestSubscriptions, Subscription } from "../records/digest-subscriptions.ts";
import type { DigestEngine } from "./engine.ts";
import { outsideName, outsideWords } from "./outside.ts";
import { type DigestRequest, readRequest } from "./request.ts";
import { nextSlot } from "./schedule/slots.ts";
import { toWall } from "./schedule/wall-time.ts";

export interface DeskOptions {
  digests: readonly Digest[];
  subscriptions: DigestSubscriptions;
  runs: DigestRuns;
  engine: Pick<DigestEngine, "compose">;
  /** Where a post stands by itself; undefined for a channel in which the bot cannot speak first. */
  roomOf(place: DigestPlace): string | undefined;
  /** The conversation that a place's name ("#finops") means beside another; undefined when there is none. */
  findPlace(name: string, beside: DigestPlace): Promise<string | undefined>;
  /** Why nothing can be posted in this channel, in words; undefined when it can. */
  whyOff?(channel: string): string | undefined;
  /** What "finance@example.com" or "webhook:n8n" means. Throws UserError for what nothing may go to. */
  outsidePlace(name: string): Promise<DigestPlace>;
  /** Of all tools that read; absent: not known, so that any name is taken. */
  toolNames?(): readonly string[];
  now(): Date;
  /** Something has become due. */
  wake(): void;
}

export function createDesk(options: DeskOptions): DigestDesk {
  const { digests, subscriptions, runs, now } = options;

  async function describe(subscription: Subscription): Promise<SubscribedDigest> {
    const { id, digest, channel, conversation, schedule, timeZone, paused } = subscription;
    const [last = null] = await runs.recent(id, 1);
    const next = paused ? null : (nextSlot(subscription, now())?.dueAt ?? null);
    return { id, digest, channel, conversation, words: wordsOf(subscription, digests), schedule, timeZone, paused, next, last };
  }

  /**
   * Those that go out in the place, and those that were set up there and go elsewhere. Where nothing can go out (the console, the API): those
   * by mail and webhook that no chat set up.
   */
  async function subscribedIn(place: DigestPlace | undefined): Promise<Subscription[]> {
    const all = await subscriptions.list();
    if (place === undefined) return all;
    const room = options.roomOf(place);
    if (room === undefined) return all.filter((s) => s.beside === undefined && outsideName(s) !== undefined);
    const isRoom = (one: DigestPlace | undefined) => one?.channel === place.channel && one.conversation === room;
    return all.filter((s) => isRoom(s) || isRoom(s.beside));
  }

  async function find(id: string, place: DigestPlace | undefined): Promise<Subscription> {
    const all = await subscribedIn(place);
    const named = all.filter((s) => s.digest === id);
    const found = all.find((s) => s.id === id) ?? (named.length === 1 ? named[0] : undefined);
    if (found) return found;
    if (named.length > 1)
      throw new UserError(`There are ${named.length} of “${id}” here: ${listWords(named.map((s) => s.id))}. Say which.`, { path: "id" });
    const near = closest(
      id,
      all.map((s) => s.id),
    );
    const known = all.length ? ` There is ${listWords(all.map((s) => `${s.id} (${s.digest})`))}.` : " Nothing is subscribed here.";
    throw new UserError(`There is no subscription “${id.slice(0, 40)}” here.${near ? ` Did you mean ${near}?` : ""}${known}`, {
      path: "id",
    });
  }

  return {
    kinds: async () => digests.map(({ name, title, summary, schedule }) => ({ name, title, summary, schedule })),

    async list(place) {
      const described = await Promise.all((await subscribedIn(place)).map(describe));
      return described.sort((a, b) => (a.next?.getTime() ?? Infinity) - (b.next?.getTime() ?? Infinity));
    },

    async add(words, place, user) {
      const request = readRequest(words, digests);
      const target = await targetOf(request, place, options);
      const room = options.roomOf(place);
      const isHere = room === target.conversation;
      const { digest, schedule, order, whenQuiet, catchUp } = request;
      if (digest.name === "custom") requireParts(order, 'add custom mondays at 9 titled "Week"', options);
      const timeZone = schedule.timeZone ?? user.timeZone;
      const twin = (await subscriptions.list()).find(
        (s) =>
          s.digest === digest.name &&
          s.channel === target.channel &&
          s.conversation === target.conversation &&
          s.pattern === schedule.pattern &&
          s.timeZone === timeZone &&
          JSON.stringify(s.order) === JSON.stringify(order),
      );
      const saved = await subscriptions.save({
        ...(twin ? { id: twin.id } : {}),
        digest: digest.name,
        channel: target.channel,
        conversation: target.conversation,
        audience: isHere ? place.audience : "group",
        ...(isHere || room === undefined ? {} : { beside: { channel: place.channel, conversation: room } }),
        ...(place.scope ? { scope: place.scope } : {}),
        pattern: schedule.pattern,
        schedule: schedule.words,
        timeZone,
        owner: user.id,
        origin: twin?.origin ?? "chat",
        order,
        whenQuiet,
        catchUp,
        except: schedule.except,
      });
      return describe(saved);
    },

    async pause(id, paused, place) {
      const { id: known } = await find(id, place);
      await subscriptions.pause(known, paused);
      return describe(await find(known, place));
    },

    async remove(id, place) {
      const found = await find(id, place);
      const described = await describe(found);
      await subscriptions.remove(found.id);
      return described;
    },

    async run(id, place) {
      const found = await find(id, place);
      const at = now();
      await runs.plan(found.id, [{ slot: `${toWall(at, found.timeZone)} ${found.timeZone} on request`, dueAt: at, state: "due" }]);
      options.wake();
      return describe(found);
    },

    async preview(words, at, timeZone, signal) {
      const subscription = (await subscriptions.list()).find(({ id }) => id === words.trim());
      if (subscription) return options.engine.compose(subscription, at, signal);
      const { digest, order } = readRequest(words, digests);
      if (digest.name === "custom") requireParts(order, "preview custom", options);
      return options.engine.compose({ digest: digest.name, order, timeZone }, at, signal);
    },
  };
}

/** A digest of people's own is made of the tools they name, and of those there are. */
function requireParts({ parts = [] }: DigestOrder, begun: string, { toolNames }: DeskOptions): void {
  const example = `/digest ${begun} with get_costs by=service period="last week"; list_incidents`;
  if (parts.length === 0) throw new UserError(`Say what it is made of: \`${example}\`.`, { path: "parts", suggestions: [example] });
  const known = toolNames?.();
  const wrong = known && parts.find(({ tool }) => !known.includes(tool));
  if (!wrong) return;
  const near = closest(wrong.tool, known);
  throw new UserError(
    `There is no tool “${wrong.tool.slice(0, 60)}” here.${near ? ` Did you mean ${near}?` : " `help` shows the tools."}`,
    {
      path: "parts",
    },
  );
}

async function targetOf(request: DigestRequest, place: DigestPlace, options: DeskOptions): Promise<DigestPlace> {
  const outside = request.outside ?? outsideName(place);
  if (outside !== undefined) return options.outsidePlace(outside);
  const here = options.roomOf(place);
  if (here === undefined)
    throw new UserError(
      "I can post by myself in Slack and Microsoft Teams, in the channel I am asked in or one named like slack:T0123:C0456; or by mail: “to finance@example.com”.",
      { path: "place" },
    );
  const off = options.whyOff?.(place.channel);
  if (off !== undefined) throw new UserError(off, { path: "place" });
  return { channel: place.channel, conversation: request.place === undefined ? here : await otherPlace(request.place, place, options) };
}

async function otherPlace(name: string, beside: DigestPlace, { findPlace }: DeskOptions): Promise<string> {
  const found = await findPlace(name, beside);
  if (found) return found;
  throw new UserError(`I do not see a channel ${name}. Invite me there, or say \`/digest add …\` in it.`, { path: "place" });
}

function wordsOf(
  { digest, schedule, timeZone, order, whenQuiet, catchUp, except, scope, ...place }: Subscription,
  digests: readonly Digest[],
): string {
  const title = order.title ?? digests.find(({ name }) => name === digest)?.title ?? digest;
  const filter = Object.entries(order.filter ?? {}).map(([name, value]) => `${name} ${[value].flat().join(" or ")}`);
  return [
    `${title} (${digest}), ${schedule} ${timeZone}`,
    ...outsideWords(place),
    ...(filter.length ? [`only ${filter.join(", ")}`] : []),
    ...(scope ? [`project ${scope}`] : []),
    ...(order.budget ? [`budget ${formatNumber(order.budget)}`] : []),
    ...(order.parts ? [`made of ${listWords(order.parts.map(({ tool }) => tool))}`] : []),
    ...(whenQuiet === "nothing" ? ["only when something moved"] : []),
    ...(catchUp === "latest" ? [] : [`catch up ${catchUp}`]),
    ...(except.length ? [`not on ${listWords(except)}`] : []),
  ].join(", ");
}
