import type { ConversationReference, TurnContext } from "botbuilder";
import type { Handler } from "../../core/channel.ts";
import { createLru } from "../../core/lru.ts";
import type { Message } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import { explainError, UserError } from "../../errors.ts";
import type { ChannelOptions } from "../index.ts";
import { LINK_TERMS, wantsSignIn } from "../sign-in.ts";
import type { Connector } from "./adapter.ts";
import type { createAnswering } from "./answer.ts";
import { answerClick } from "./invoke.ts";
import type { TeamsGesture } from "./parse.ts";
import { createPeople, OUTSIDER, type Standing, UNSURE } from "./people.ts";
import { conversationOf, type Places, referenceOf } from "./places.ts";

export interface TurnOptions {
  options: ChannelOptions;
  /** Whose people are answered; undefined answers whoever may deliver, without asking for a roster. */
  tenant: string | undefined;
  places: Places;
  answering: ReturnType<typeof createAnswering>;
  connect(): Promise<Connector>;
  handler(): Handler;
  /** Work that outlives its request and that `stop` waits for. */
  inBackground(work: Promise<unknown>): void;
}

export type Turns = ReturnType<typeof createTurns>;

/** From a gesture of a person to the answer they read. */
export function createTurns({ options, tenant, places, answering, connect, handler, inBackground }: TurnOptions) {
  const people = createPeople(options.now);
  const answered = createLru<true>(1_000);

  /** Resolves when the turn is kept: then Teams may hear that we have it. Whether its asker is a member is found out after that. */
  async function take(context: TurnContext, gesture: TeamsGesture): Promise<void> {
    const reference = await referenceOf(context.activity);
    if (gesture.refusal && tenant !== undefined) {
      options.onIgnored("not a member");
      await answerClick(context);
      return say(reference, gesture.refusal, gesture.ids[0] ?? "");
    }
    if (options.signIn && wantsSignIn(gesture.text)) {
      await answerClick(context);
      return sendLink(reference, gesture);
    }
    const abort = new AbortController();
    const message = toMessage(gesture);
    const replies = handler()(message, abort.signal)[Symbol.asyncIterator]();
    const first = await replies.next();
    await answerClick(context);
    if (first.done) return options.onIgnored("duplicate");
    const asked = {
      personal: gesture.kind === "personal",
      onStopped: () => abort.abort(),
      onStream: (id: string) => places.keepStream(message.id, id).catch(options.onFault),
      onSent: (id: string, reply: Reply) => keepAnswer(message.conversation, id, reply),
      ...(gesture.card ? { card: gesture.card } : {}),
      onDelivered: async () => options.onDelivered?.(message.id).catch(options.onFault),
    };
    const work = enter(reference, async (later) => {
      const standing = await standingIn(later, gesture);
      if (standing.kind === "member") {
        // The router reads who asks when it goes on from here: roles may be given by address, which only the roster knows.
        if (standing.email) message.user.roles = options.rolesOf({ id: gesture.user.id, email: standing.email });
        return answering.deliver(later, resume(first.value, replies), asked);
      }
      options.onIgnored(standing.kind === "outsider" ? "not a member" : "not known to be a member");
      await answering.post(later, { type: "message", text: standing.kind === "outsider" ? OUTSIDER : UNSURE });
      await asked.onDelivered();
    });
    // However delivery ends, the turn must, or its conversation would wait for it.
    inBackground(work.finally(() => replies.return?.()));
  }

  function standingIn(context: TurnContext, { conversation, user }: Pick<TeamsGesture, "conversation" | "user">): Promise<Standing> {
    if (tenant === undefined) return Promise.resolve({ kind: "member" });
    // Rosters belong to channels, not to threads in them.
    const place = conversation.replace(/;messageid=.*$/, "");
    const lookUp = async () => (await connect()).member(context, place, user.account);
    return people.check({ conversation: place, user: user.account, home: tenant }, lookUp);
  }

  /** The thumbs name the message, not the turn. */
  async function keepAnswer(conversation: string, id: string, reply: Reply): Promise<void> {
    if (reply.turn) await places.keepAnswer(conversation, id, reply.turn.id).catch(options.onFault);
  }

  /** A few words to a gesture that begins no turn, once however often it is delivered. */
  function say(reference: Partial<ConversationReference>, words: string, gesture: string): void {
    if (answered.get(gesture)) return;
    answered.set(gesture, true);
    inBackground(enter(reference, async (later) => void (await answering.post(later, { type: "message", text: words }))));
  }

  /** Not through the router: a link that signs somebody in belongs into no record and before no model. Others read along but in a personal chat. */
  function sendLink(reference: Partial<ConversationReference>, gesture: TeamsGesture): void {
    const [id = ""] = gesture.ids;
    if (gesture.kind !== "personal") say(reference, "Ask me that in our personal chat: the link is for you alone.", id);
    if (gesture.kind !== "personal" || answered.get(id)) return;
    answered.set(id, true);
    inBackground(
      enter(reference, async (later) => {
        const standing = await standingIn(later, gesture);
        const words =
          standing.kind === "member" ? await linkFor(gesture, standing.email) : standing.kind === "outsider" ? OUTSIDER : UNSURE;
        await answering.post(later, { type: "message", textFormat: "markdown", text: words });
      }),
    );
  }

  async function linkFor({ user }: TeamsGesture, email: string | undefined): Promise<string> {
    try {
      const person = { user: `teams:${user.id}`, name: user.name, ...(email ? { email } : {}) };
      return `[Sign in to the console](${await options.signIn?.(person)}). ${LINK_TERMS}`;
    } catch (error) {
      if (!(error instanceof UserError)) options.onFault(error);
      return explainError(error);
    }
  }

  /** In a context that outlives the request: the request's own is revoked when it is answered. */
  async function enter(reference: Partial<ConversationReference>, work: (context: TurnContext) => Promise<void>): Promise<void> {
    await (await connect()).enter(reference, work);
  }

  function toMessage({ ids, user, conversation, kind, text: words }: TeamsGesture): Message {
    const [id = "", ...aliases] = ids;
    return {
      id,
      ...(aliases.length ? { aliases } : {}),
      channel: "teams",
      conversation: conversationOf(conversation),
      audience: kind === "personal" ? "direct" : "group",
      user: { id: `teams:${user.id}`, name: user.name, timeZone: options.timeZone, roles: options.rolesOf({ id: user.id }) },
      // A command as Teams' own menu writes it. With more words after it it is a question like any other.
      text: options.commands?.includes(words.toLowerCase()) ? `/${words.toLowerCase()}` : words,
      at: options.now(),
    };
  }

  async function isMember(
    reference: Partial<ConversationReference>,
    person: Pick<TeamsGesture, "conversation" | "user">,
  ): Promise<boolean> {
    let standing: Standing = { kind: "unsure" };
    await enter(reference, async (later) => {
      standing = await standingIn(later, person);
    });
    return (standing as Standing).kind === "member";
  }

  return { take, say, isMember, keepAnswer };
}

async function* resume(first: Reply, rest: AsyncIterator<Reply>): AsyncIterable<Reply> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
