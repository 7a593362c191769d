import type { ChannelOptions } from "../index.ts";
import { wantsSignIn } from "../sign-in.ts";
import { createActions } from "./actions.ts";
import type { createAnswering } from "./answer.ts";
import { type Client, refusalOf } from "./client.ts";
import { type createAsking, questionOf } from "./commands.ts";
import { PLAIN_HOME, publishHome, suggestPrompts } from "./home.ts";
import type { OwnData } from "./own-data.ts";
import { type Fields, fieldsOf, type Gesture, parseEvent, text } from "./parse.ts";
import { parseCommand } from "./parse-interactive.ts";
import { type Known, refusalFor } from "./people.ts";
import type { Deliver } from "./receiver.ts";
import type { Respond } from "./respond.ts";
import { createSeen } from "./seen.ts";
import { type PrivateWords, signInWords } from "./sign-in.ts";
import { type Turns, userIdOf } from "./turns.ts";

export interface DeliveryParts {
  client: Client;
  options: ChannelOptions;
  turns: Turns;
  answering: ReturnType<typeof createAnswering>;
  asking: ReturnType<typeof createAsking>;
  ownData: OwnData;
  respond: Respond;
  people(user: string): Promise<Known>;
  isShared(channel: string): Promise<boolean>;
  /** Our own user id; "" while it is unknown. */
  whoWeAre(): Promise<string>;
}

/** Where an ephemeral message cannot go, for no fault of ours. */
const OUT_OF_REACH = /^(?:user_not_in_channel|not_in_channel|channel_not_found|is_archived)$/;

/** What the owner of the app should hear of. */
const TROUBLE: Readonly<Record<string, string>> = {
  app_uninstalled: "Slack: the app was uninstalled",
  tokens_revoked: "Slack: tokens of the app were revoked",
  app_rate_limited: "Slack: more events than 30,000 in an hour; some are not delivered",
};

/** Takes whatever Slack delivers. Resolves when it is safe to say so to Slack: what must not be lost is kept. */
export function createDeliveries(parts: DeliveryParts): Deliver {
  const { client, options, turns, answering, asking, ownData, respond, people, isShared, whoWeAre } = parts;
  const refused = createSeen(options.now);
  const onAction = createActions({
    ...parts,
    mayPress: async (gesture) => refusalFor(gesture, await people(gesture.user)) === undefined,
    ask: async (gesture, url) => (gesture.place.thread ? onMessage(await inRoom(gesture), true) : askAloud(gesture, url)),
  });

  async function onEvent(body: Fields): Promise<void> {
    const event = fieldsOf(body.event);
    if (event.type === "agent_session_stopped") return turns.stop(text(event.channel), text(event.thread_ts), text(event.user));
    const trouble = TROUBLE[text(event.type) || text(body.type)];
    if (trouble) return options.onFault(new Error(trouble));
    if (event.type === "app_home_opened") return turns.inBackground(onHome(body, event));
    const parsed = parseEvent(body, await whoWeAre());
    if (parsed.kind === "ignored") return options.onIgnored(parsed.why);
    await onMessage(parsed.gesture);
  }

  /** `asked`: the question stands nowhere in the thread. */
  async function onMessage(gesture: Gesture, asked = false): Promise<void> {
    const person = await people(gesture.user);
    const refusal = refusalFor(gesture, person);
    if (refusal) return turns.inBackground(tellAlone(gesture, async () => ({ text: refusal, blocks: [] })));
    if (options.signIn && wantsSignIn(gesture.text))
      return turns.inBackground(tellAlone(gesture, () => signInWords(gesture, person, options)));
    const question = { ...(asked ? { asked: questionOf(gesture.text, person) } : {}), ...(gesture.card ? { card: gesture.card } : {}) };
    const kept = await turns.begin(gesture, person, (replies, { key, stopped }) =>
      answering.deliver(replies, { place: gesture.place, user: gesture.user, key, stopped, ...question }),
    );
    if (!kept) options.onIgnored("duplicate");
  }

  async function onCommand(form: Fields): Promise<void> {
    const parsed = parseCommand(form);
    if (parsed.kind === "ignored") return options.onIgnored(parsed.why);
    await askAloud(parsed.gesture, text(form.response_url));
  }

  /** Events say themselves whether other companies read along; commands and buttons do not. */
  async function inRoom(gesture: Gesture): Promise<Gesture> {
    const { direct, channel } = gesture.place;
    return direct ? gesture : { ...gesture, shared: await isShared(channel) };
  }

  async function askAloud(told: Gesture, responseUrl: string): Promise<void> {
    const [person, gesture] = await Promise.all([people(told.user), inRoom(told)]);
    const refusal = refusalFor(gesture, person);
    if (refusal) return turns.inBackground(respond(responseUrl, refusal));
    if (options.signIn && wantsSignIn(gesture.text))
      return turns.inBackground(
        signInWords(gesture, person, options).then(({ text: words, blocks }) => respond(responseUrl, words, { blocks })),
      );
    const own = ownData.answer(gesture, responseUrl);
    if (own) return turns.inBackground(own);
    if (!(await asking.ask(gesture, person, responseUrl))) options.onIgnored("duplicate");
  }

  /** To the asker alone, and once, however often the message is delivered. */
  async function tellAlone({ ids, place, user }: Gesture, say: () => Promise<PrivateWords>): Promise<void> {
    if (ids.some(refused.has)) return options.onIgnored("duplicate");
    for (const id of ids) refused.add(id);
    const thread = place.thread ? { thread_ts: place.thread } : {};
    try {
      const { text: words, blocks } = await say();
      await client.chat.postEphemeral({ channel: place.channel, user, ...thread, text: words, ...(blocks.length ? { blocks } : {}) });
    } catch (error) {
      if (OUT_OF_REACH.test(refusalOf(error))) options.onIgnored("a word to one person that could not be told");
      else options.onFault(error);
    }
  }

  async function onHome(body: Fields, event: Fields): Promise<void> {
    const [user, channel] = [text(event.user), text(event.channel)];
    const team = text(body.team_id);
    if (!user) return options.onIgnored("fields missing");
    const gesture = { ids: [], user, guest: false, place: { team, channel, direct: true }, text: "", shared: false };
    const refusal = refusalFor(gesture, await people(user));
    if (refusal && event.tab === "home") return publishHome(client, user, { title: "Firstmate", lines: [refusal], suggestions: [] });
    if (refusal) return;
    const home = (await options.home?.(userIdOf(team, user))) ?? PLAIN_HOME;
    if (event.tab === "home") await publishHome(client, user, home);
    else if (event.tab === "messages" && channel) await suggestPrompts(client, channel, home);
  }

  return (body) => {
    if (body.command !== undefined) return onCommand(body);
    if (body.type === "block_actions") return onAction(body);
    return onEvent(body);
  };
}
