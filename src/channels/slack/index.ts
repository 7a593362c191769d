import type { Delivery, Handler } from "../../core/channel.ts";
import type { Message } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import { ConfigError } from "../../errors.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { createAnswering } from "./answer.ts";
import { clientOptions, failureOf } from "./client.ts";
import { conversationOf, fieldsOf, type Gesture, parseCommand, parseEvent, text } from "./parse.ts";
import { createPeople, type Person, refusalFor } from "./people.ts";
import { openInbox } from "./receiver.ts";
import { ACTIONS, renderReply } from "./render.ts";
import { createResponder } from "./respond.ts";
import type { SlackSettings } from "./settings.ts";
import { escapeText } from "./text.ts";

/** Slack over HTTP events, or over a socket with SLACK_APP_TOKEN. The SDK is loaded here and not before. */
export async function createSlackChannel(settings: SlackSettings, options: ChannelOptions): Promise<CheckedChannel> {
  if (!settings.SLACK_SIGNING_SECRET && !settings.SLACK_APP_TOKEN)
    throw new ConfigError([
      "SLACK_BOT_TOKEN is set, but neither SLACK_SIGNING_SECRET (events over HTTP) nor SLACK_APP_TOKEN (socket mode). Set one of them.",
    ]);
  const { WebClient } = await import("@slack/web-api");
  const client = new WebClient(settings.SLACK_BOT_TOKEN, clientOptions(settings.SLACK_API_URL));
  const people = createPeople(client, options.now);
  const answering = createAnswering({
    client,
    renderPng: options.renderPng,
    now: options.now,
    wait: options.wait,
    onFault: options.onFault,
  });
  const respond = createResponder(settings.SLACK_API_URL);
  const running = new Map<string, { abort: AbortController; user: string }>();
  const working = new Set<Promise<unknown>>();
  let handle: Handler | undefined;

  /** Work after the acknowledgement; `stop` waits for it. */
  function inBackground(work: Promise<unknown>): void {
    const tracked = work.catch(options.onFault).finally(() => working.delete(tracked));
    working.add(tracked);
  }

  async function deliver(body: Readonly<Record<string, unknown>>): Promise<void> {
    if (body.command !== undefined) return onCommand(body);
    if (body.type === "block_actions") return onAction(body);
    const event = fieldsOf(body.event);
    if (event.type === "agent_session_stopped") return stopTurn(text(event.channel), text(event.thread_ts), text(event.user));
    const parsed = parseEvent(body);
    if (parsed.kind === "ignored") return options.onIgnored(parsed.why);
    await onMessage(parsed.gesture);
  }

  async function onMessage(gesture: Gesture): Promise<void> {
    const person = await people(gesture.user);
    const refusal = refusalFor(gesture, person);
    if (refusal) return inBackground(refuse(gesture, refusal));
    await answer(gesture, person);
  }

  /** Resolves when the turn is kept: then Slack may hear that we have it. */
  async function answer(gesture: Gesture, person: Person | "unknown", placeholder?: string): Promise<void> {
    if (!handle) throw new Error("Slack delivered before start");
    const abort = new AbortController();
    const message = toMessage(gesture, person);
    const replies = handle(message, abort.signal)[Symbol.asyncIterator]();
    const first = await replies.next();
    if (first.done) return options.onIgnored("duplicate");
    running.set(message.conversation, { abort, user: gesture.user });
    const done = () => running.get(message.conversation)?.abort === abort && running.delete(message.conversation);
    inBackground(answering.deliver(resume(first.value, replies), gesture.place, gesture.user, placeholder).finally(done));
  }

  async function onCommand(form: Readonly<Record<string, unknown>>): Promise<void> {
    const parsed = parseCommand(form);
    if (parsed.kind === "ignored") return options.onIgnored(parsed.why);
    const { gesture } = parsed;
    inBackground(runCommand(gesture, text(form.response_url)));
  }

  /** Public by default: a placeholder becomes the answer, so that its thread can go on. `--private` answers the asker alone, without pictures. */
  async function runCommand(gesture: Gesture, responseUrl: string): Promise<void> {
    const person = await people(gesture.user);
    const refusal = refusalFor(gesture, person);
    if (refusal) return respond(responseUrl, refusal);
    if (/(?:^|\s)--private\b/.test(gesture.text))
      return answerPrivately({ ...gesture, text: gesture.text.replace(/\s*--private\b/g, "") }, person, responseUrl);
    const asker = person === "unknown" ? "Someone" : person.name;
    try {
      const posted = await client.chat.postMessage({
        channel: gesture.place.channel,
        text: escapeText(`${asker}: ${gesture.text}`),
        unfurl_links: false,
        unfurl_media: false,
      });
      const ts = text(posted.ts);
      await answer({ ...gesture, place: { ...gesture.place, thread: ts } }, person, ts);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "refused")
        await respond(
          responseUrl,
          /not_in_channel|channel_not_found/.test(failure.error)
            ? "I am not in this channel. Invite me with /invite, then try again."
            : "Slack did not let me post here. Ask an admin to look at my rights.",
        );
      throw error;
    }
  }

  async function answerPrivately(gesture: Gesture, person: Person | "unknown", responseUrl: string): Promise<void> {
    let last: Reply | undefined;
    for await (const reply of handle?.(toMessage(gesture, person), new AbortController().signal) ?? []) last = reply;
    const [message] = last ? renderReply({ ...last, suggestions: [] }, new Map()) : [];
    if (message) await respond(responseUrl, message.text, message.blocks);
  }

  async function onAction(body: Readonly<Record<string, unknown>>): Promise<void> {
    const action = fieldsOf(Array.isArray(body.actions) ? body.actions[0] : undefined);
    const user = text(fieldsOf(body.user).id);
    const id = text(action.action_id);
    const value = text(action.value) || text(fieldsOf(action.selected_option).value);
    if (id === ACTIONS.feedback) return keepFeedback(value, user);
    if (!id.startsWith(ACTIONS.suggest) || !user || !value) return options.onIgnored(`action ${id || "without id"}`);
    const container = fieldsOf(body.container);
    const message = fieldsOf(body.message);
    const channel = text(fieldsOf(body.channel).id) || text(container.channel_id);
    const thread = text(message.thread_ts) || text(container.thread_ts) || text(message.ts) || text(container.message_ts);
    const team = text(fieldsOf(body.team).id);
    const userTeam = text(fieldsOf(body.user).team_id);
    if (!channel || !thread) return options.onIgnored("fields missing");
    const gesture: Gesture = {
      ids: [`action:${text(body.trigger_id) || `${user}:${text(action.action_ts)}`}`],
      user,
      ...(userTeam ? { userTeam } : {}),
      place: { team, channel, thread, direct: channel.startsWith("D") },
      text: value,
      shared: false,
    };
    await onMessage(gesture);
  }

  async function keepFeedback(value: string, user: string): Promise<void> {
    const [verdict, turn] = value.split(":");
    if ((verdict === "good" || verdict === "bad") && turn && user) await options.onFeedback({ turn, user: `slack:${user}`, verdict });
  }

  function stopTurn(channel: string, thread: string, user: string): void {
    for (const [conversation, turn] of running)
      if (conversation.endsWith(`:${channel}:${thread}`) && turn.user === user) turn.abort.abort();
  }

  async function refuse(gesture: Gesture, why: string): Promise<void> {
    const { channel, thread } = gesture.place;
    await client.chat.postEphemeral({ channel, user: gesture.user, thread_ts: thread, text: why }).catch(options.onFault);
  }

  function toMessage(gesture: Gesture, person: Person | "unknown"): Message {
    const [id = "", ...aliases] = gesture.ids;
    const known = person === "unknown" ? { name: "someone" } : person;
    const email = "email" in known && known.email ? { email: known.email } : {};
    return {
      id,
      ...(aliases.length ? { aliases } : {}),
      channel: "slack",
      conversation: conversationOf(gesture.place),
      audience: gesture.place.direct ? "direct" : "group",
      user: {
        id: `slack:${gesture.place.team}:${gesture.user}`,
        name: known.name,
        ...email,
        timeZone: ("timeZone" in known && known.timeZone) || options.timeZone,
        roles: options.rolesOf({ id: gesture.user, ...email }),
      },
      text: gesture.text,
      at: options.now(),
    };
  }

  const inbox = await openInbox(settings, deliver, options.now);
  return {
    name: "slack",
    routes: inbox.routes,
    async start(given) {
      handle = given;
      await inbox.start();
    },
    async send(conversation, reply, _key): Promise<Delivery> {
      const [, team = "", channel = "", thread = ""] = conversation.split(":");
      const [message] = renderReply(reply, new Map());
      if (!message) return { state: "refused", reason: "there is nothing to say" };
      try {
        const posted = await answering.post({ team, channel, thread, direct: false }, message);
        return { state: "sent", id: text(posted.ts) };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === "limited") return { state: "refused", reason: "Slack limits our posts", retryAfterMs: failure.seconds * 1000 };
        return failure.kind === "refused" ? { state: "refused", reason: failure.error } : { state: "ambiguous", reason: failure.detail };
      }
    },
    async stop() {
      await inbox.stop();
      await Promise.allSettled([...working]);
    },
    async check() {
      try {
        const who = await client.auth.test();
        return {
          name: "slack",
          state: "ok",
          message: `${who.user ?? "bot"} in ${who.team ?? "a workspace"}, over ${settings.SLACK_APP_TOKEN ? "a socket" : "HTTP"}`,
        };
      } catch (error) {
        const failure = failureOf(error);
        return {
          name: "slack",
          state: "failed",
          message: `Slack refused the token (${failure.kind === "refused" ? failure.error : failure.kind}).`,
          fix: "Copy the bot token of the app again into SLACK_BOT_TOKEN, and reinstall the app if its scopes changed.",
        };
      }
    },
  };
}

async function* resume(first: Reply, rest: AsyncIterator<Reply>): AsyncIterable<Reply> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
