import type { Activity, ConversationReference, TurnContext } from "botbuilder";
import type { Handler } from "../../core/channel.ts";
import { HttpError } from "../../core/http.ts";
import type { CheckResult } from "../../core/integration.ts";
import type { Message } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { type Connector, createConnector, type TeamsCloud } from "./adapter.ts";
import { createAnswering } from "./answer.ts";
import { createInbox } from "./inbox.ts";
import { type Parsed, parseActivity, type TeamsGesture, text } from "./parse.ts";
import { createSender } from "./sender.ts";
import { type TeamsIdentity, type TeamsSettings, teamsIdentity } from "./settings.ts";

/**
 * Teams through the Bot Connector. botbuilder is past its end of life: nothing of it is known outside this folder. `cloud` names another
 * service than Microsoft's public one. Throws ConfigError when the settings are no whole identity.
 */
export async function createTeamsChannel(settings: TeamsSettings, options: ChannelOptions, cloud?: TeamsCloud): Promise<CheckedChannel> {
  const identity = teamsIdentity(settings, options);
  const working = new Set<Promise<unknown>>();
  let connector: Promise<Connector> | undefined;
  let handle: Handler | undefined;
  let stopping = false;
  const connect = () => {
    connector ??= createConnector(identity, cloud);
    return connector;
  };
  const answering = createAnswering(options);

  async function take(context: TurnContext): Promise<void> {
    if (!handle || stopping) throw new HttpError(503, "Not taking messages now.", { headers: { "retry-after": "5" } });
    const { activity } = context;
    const parsed = parseActivity(activity, options.now());
    const place = text(activity.conversation?.id);
    if (place && activity.type !== "invoke") await options.keepPlace(conversationOf(place), await referenceOf(activity));
    if (parsed.kind === "message") await takeMessage(context, parsed.gesture);
    else if (parsed.kind === "feedback") await takeFeedback(context, parsed);
    else options.onIgnored(parsed.why);
  }

  /** Resolves when the turn is kept: then Teams may hear that we have it. */
  async function takeMessage(context: TurnContext, gesture: TeamsGesture): Promise<void> {
    const reference = await referenceOf(context.activity);
    const click = context.activity.type === "invoke";
    if (gesture.refusal && identity.kind === "app") {
      options.onIgnored("not a member");
      inBackground(enter(reference, async (later) => void (await answering.post(later, { type: "message", text: gesture.refusal ?? "" }))));
      return click ? answerInvoke(context, CLICKED) : undefined;
    }
    const abort = new AbortController();
    const replies = handle?.(toMessage(gesture), abort.signal)[Symbol.asyncIterator]();
    const first = await replies?.next();
    if (click) await answerInvoke(context, CLICKED);
    if (!replies || !first || first.done) return options.onIgnored("duplicate");
    const asked = {
      personal: gesture.kind === "personal",
      onStopped: () => abort.abort(),
      onSent: (id: string, reply: Reply) => keepAnswer(conversationOf(gesture.conversation), id, reply),
    };
    const { value } = first;
    // However delivery ends, the turn must, or its conversation would wait for it.
    const work = enter(reference, (later) => answering.deliver(later, resume(value, replies), asked)).finally(() => replies.return?.());
    inBackground(work);
  }

  async function takeFeedback(context: TurnContext, feedback: Extract<Parsed, { kind: "feedback" }>): Promise<void> {
    const { conversation, message, user, verdict } = feedback;
    const kept = message ? ((await options.placeOf(answerKey(conversationOf(conversation), message))) as { turn?: unknown } | null) : null;
    const turn = text(kept?.turn);
    if (turn) await options.onFeedback({ turn, user: `teams:${user}`, verdict });
    else options.onIgnored("feedback on no answer of ours");
    await answerInvoke(context, {});
  }

  /** The thumbs name the message, not the turn. */
  async function keepAnswer(conversation: string, id: string, reply: Reply): Promise<void> {
    if (reply.turn) await options.keepPlace(answerKey(conversation, id), { turn: reply.turn.id });
  }

  /** In a context that outlives the request: the request's own is revoked when it is answered. */
  async function enter(reference: Partial<ConversationReference>, work: (context: TurnContext) => Promise<void>): Promise<void> {
    await (await connect()).enter(reference, work);
  }

  function inBackground(work: Promise<unknown>): void {
    tracked(work.catch(options.onFault));
  }

  /** `stop` waits for it. */
  function tracked<T>(work: Promise<T>): Promise<T> {
    const done = () => working.delete(work);
    working.add(work);
    work.then(done, done);
    return work;
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
      text: words,
      at: options.now(),
    };
  }

  const sender = createSender({ connect, answering, places: options, onSent: keepAnswer, onFault: options.onFault });
  return {
    name: "teams",
    routes: [createInbox({ identity, connect, take: (context) => tracked(take(context)), onIgnored: options.onIgnored })],
    async start(given) {
      handle = given;
    },
    send: sender.send,
    async stop() {
      stopping = true;
      while (working.size > 0) await Promise.allSettled([...working]);
    },
    check: async () => checkTeams(identity),
  };
}

const CLICKED = { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Working on it …" };

async function answerInvoke(context: TurnContext, body: object): Promise<void> {
  await context.sendActivity({ type: "invokeResponse", value: { status: 200, body } });
}

function checkTeams(identity: TeamsIdentity): CheckResult {
  if (identity.kind === "anonymous")
    return {
      name: "teams",
      state: "warning",
      message: "anonymous: answers tools on this machine without tokens",
      fix: "For real use set MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID, and remove TEAMS_ANONYMOUS.",
    };
  return {
    name: "teams",
    state: "ok",
    message: `app ${identity.id} of tenant ${identity.tenant}; the messaging endpoint is /api/messages`,
  };
}

function conversationOf(id: string): string {
  return `teams:${id}`;
}

/** A click may name the channel or the thread; a message's id is unique in both. */
function answerKey(place: string, message: string): string {
  const conversation = place.replace(/;messageid=.*$/, "");
  return `teams-answer:${conversation}:${message}`;
}

async function referenceOf(activity: Activity): Promise<Partial<ConversationReference>> {
  const { TurnContext } = await import("botbuilder");
  return TurnContext.getConversationReference(activity);
}

async function* resume(first: Reply, rest: AsyncIterator<Reply>): AsyncIterable<Reply> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
