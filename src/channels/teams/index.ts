import type { TurnContext } from "botbuilder";
import type { Handler } from "../../core/channel.ts";
import { HttpError } from "../../core/http.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { type Connector, createConnector, type TeamsCloud } from "./adapter.ts";
import { createAnswering } from "./answer.ts";
import { checkTeams, summary } from "./check.ts";
import { createCopies } from "./copies.ts";
import { createInbox } from "./inbox.ts";
import { answerInvoke, answerStrangeClick, STRANGE_BUTTON } from "./invoke.ts";
import { type Parsed, parseActivity, type TeamsGesture, text } from "./parse.ts";
import { conversationOf, createPlaces, referenceOf } from "./places.ts";
import { createSender } from "./sender.ts";
import { type TeamsSettings, teamsIdentity } from "./settings.ts";
import { createTurns } from "./turns.ts";
import { welcome } from "./welcome.ts";

/**
 * Teams through the Bot Connector. botbuilder is past its end of life: nothing of it is known outside this folder. `cloud` names another
 * service than Microsoft's public one. Throws ConfigError when the settings are no whole identity.
 */
export async function createTeamsChannel(settings: TeamsSettings, options: ChannelOptions, cloud?: TeamsCloud): Promise<CheckedChannel> {
  const identity = teamsIdentity(settings, options);
  const tenant = identity.kind === "app" ? identity.tenant : undefined;
  const working = new Set<Promise<unknown>>();
  const places = createPlaces(options);
  const copies = createCopies(options.now);
  let connector: Promise<Connector> | undefined;
  let handle: Handler | undefined;
  let stopping = false;
  const connect = () => {
    connector ??= createConnector(identity, cloud);
    return connector;
  };
  const handler = () => {
    if (!handle || stopping) throw new HttpError(503, "Not taking messages now.", { headers: { "retry-after": "5" } });
    return handle;
  };
  const answering = createAnswering(options);
  const turns = createTurns({ options, tenant, places, answering, connect, handler, inBackground });
  const sender = createSender({ connect, answering, places, wait: options.wait, onSent: turns.keepAnswer, onFault: options.onFault });

  async function take(context: TurnContext): Promise<void> {
    handler();
    const { activity } = context;
    const parsed = parseActivity(activity, options.now());
    const place = text(activity.conversation?.id);
    if (place && parsed.kind !== "removed" && (activity.type !== "invoke" || parsed.kind === "message"))
      await places.keepConversation(place, await referenceOf(activity));
    await route(context, parsed);
  }

  async function route(context: TurnContext, parsed: Parsed): Promise<void> {
    switch (parsed.kind) {
      case "message":
        return takeMessage(context, parsed.gesture);
      case "feedback":
        return takeFeedback(context, parsed);
      case "installed":
        return inBackground(greet(context, parsed));
      case "removed":
        return places.leave(parsed.conversation);
      case "strange button":
        options.onIgnored("a button of an older card");
        if (parsed.invoked) return answerStrangeClick(context);
        return turns.say(await referenceOf(context.activity), STRANGE_BUTTON, parsed.id);
      case "ignored":
        return options.onIgnored(parsed.why);
    }
  }

  async function takeMessage(context: TurnContext, gesture: TeamsGesture): Promise<void> {
    if (!gesture.typed) return turns.take(context, gesture);
    if (!(await copies.once(gesture.typed, () => turns.take(context, gesture)))) options.onIgnored("duplicate");
  }

  async function takeFeedback(context: TurnContext, feedback: Extract<Parsed, { kind: "feedback" }>): Promise<void> {
    const { conversation, message, user, verdict } = feedback;
    const turn = message ? await places.turnOf(conversationOf(conversation), message) : "";
    if (turn) await options.onFeedback({ turn, user: `teams:${user}`, verdict });
    else options.onIgnored("feedback on no answer of ours");
    await answerInvoke(context, {});
  }

  /** Once a day and conversation, whatever copies of the news come. Who is no member is not shown what members see. */
  async function greet({ activity }: TurnContext, installed: Extract<Parsed, { kind: "installed" }>): Promise<void> {
    const { conversation, user, personal, refused } = installed;
    const isStranger = tenant !== undefined && refused;
    if (isStranger || (personal && !(await turns.isMember(await referenceOf(activity), { conversation, user }))))
      return options.onIgnored("not a member");
    const home = personal ? await options.home?.(`teams:${user.id}`).catch(options.onFault) : undefined;
    const day = options.now().toISOString().slice(0, 10);
    await sender.send(conversationOf(conversation), welcome(home ?? undefined, personal), `welcome:${day}`);
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

  const checks = () =>
    checkTeams(identity, {
      login: text(cloud?.settings.ToChannelFromBotLoginUrl) || `https://login.microsoftonline.com/${tenant}`,
      scope: text(cloud?.settings.ToChannelFromBotOAuthScope) || "https://api.botframework.com",
      publicUrl: options.publicUrl,
      now: options.now,
    });
  return {
    name: "teams",
    routes: [createInbox({ identity, connect, take: (context) => tracked(take(context)), onIgnored: options.onIgnored })],
    async start(given) {
      handle = given;
    },
    send: sender.send,
    update: sender.update,
    async stop() {
      stopping = true;
      while (working.size > 0) await Promise.allSettled([...working]);
    },
    checks,
    check: async () => summary(await checks()),
  };
}
