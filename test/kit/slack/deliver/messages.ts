import { IDS } from "../sample.ts";
import type { Fields, Post, Room } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";
import { envelope, type Gesture } from "./gesture.ts";
import { encodeTyped, MENTION, richText } from "./typed.ts";

/** People writing, editing and deleting messages. Each is in the workspace as soon as it is made. */

export interface Written {
  user: string;
  /** As typed: "@firstmate" is not needed in a mention, names and links are put in Slack's form. */
  text: string;
  channel: string;
  threadTs?: string;
  /** Sent as it is, without Slack's encoding. */
  raw?: boolean;
  /** Leave the client's id out, as for messages of other apps and some clients. */
  withoutClientId?: boolean;
  /** Fields laid over the event. */
  extra?: Fields;
}

export interface MessageGestures {
  /** A channel message that names the app, as app_mention. */
  mention(written: Written): Gesture;
  /** A message in the direct conversation (the agent pane). */
  direct(written: Omit<Written, "channel">): Gesture;
  /** Any message, as `message`: in channels only delivered to apps that subscribe to them. */
  message(written: Written): Gesture;
  /** message_changed. Works on messages of people and of the app. */
  edit(channel: string, ts: string, text: string): Gesture;
  /** message_deleted. */
  remove(channel: string, ts: string): Gesture;
}

export function messageGestures(workspace: Workspace, now: () => Date): MessageGestures {
  function roomOf(id: string): Room {
    const room = workspace.rooms.get(id);
    if (!room) throw new Error(`there is no channel ${id} in the fake workspace`);
    return room;
  }

  function wrap(event: Fields, room: Room, ts: string): Gesture {
    const payload = envelope(event, { eventId: workspace.nextId("Ev"), eventTime: now(), extShared: room.extShared === true });
    return { type: "events_api", payload, ts, channel: room.id };
  }

  function write(written: Written, type: "app_mention" | "message"): Gesture {
    const room = roomOf(written.channel);
    const wire = written.raw ? written.text : encodeTyped(written.text, workspace);
    const text = type === "app_mention" && !wire.includes(MENTION) ? `${MENTION} ${wire}` : wire;
    const clientMsgId = written.withoutClientId ? {} : { clientMsgId: `client-${workspace.nextId("")}` };
    const thread = written.threadTs === undefined ? {} : { threadTs: written.threadTs };
    const post = workspace.add({ channel: room.id, user: written.user, text, ...clientMsgId, ...thread });
    return wrap({ ...messageEvent(post, room, workspace, type), ...written.extra }, room, post.ts);
  }

  function found(channel: string, ts: string): Post {
    const post = workspace.find(channel, ts);
    if (!post) throw new Error(`there is no message ${ts} in ${channel}`);
    return post;
  }

  return {
    mention: (written) => write(written, "app_mention"),
    message: (written) => write(written, "message"),
    direct: (written) => write({ ...written, channel: workspace.directWith(written.user).id }, "message"),
    edit(channel, ts, text) {
      const post = found(channel, ts);
      const before = messageEvent(post, roomOf(channel), workspace, "message");
      Object.assign(post, { text: encodeTyped(text, workspace), edits: post.edits + 1 });
      const message = { ...messageEvent(post, roomOf(channel), workspace, "message"), edited: { user: post.user, ts: workspace.nextTs() } };
      return hidden("message_changed", channel, { message, previous_message: before });
    },
    remove(channel, ts) {
      const post = found(channel, ts);
      post.deleted = true;
      return hidden("message_deleted", channel, {
        deleted_ts: ts,
        previous_message: messageEvent(post, roomOf(channel), workspace, "message"),
      });
    },
  };

  function hidden(subtype: string, channel: string, rest: Fields): Gesture {
    const room = roomOf(channel);
    const ts = workspace.nextTs();
    return wrap({ type: "message", subtype, hidden: true, channel, channel_type: channelType(room), ts, event_ts: ts, ...rest }, room, ts);
  }
}

export function messageEvent(post: Post, room: Room, workspace: Workspace, type: "app_mention" | "message"): Fields {
  const person = workspace.people.get(post.user);
  const team = person?.team ?? IDS.team;
  return {
    type,
    user: post.user,
    ts: post.ts,
    ...(post.clientMsgId === undefined ? {} : { client_msg_id: post.clientMsgId }),
    text: post.text,
    team,
    ...(person?.stranger
      ? { user_team: team, source_team: team, user_profile: { name: person.name, real_name: person.realName, team, is_restricted: false } }
      : {}),
    ...(post.user === IDS.bot ? { bot_id: IDS.botId, app_id: IDS.app } : {}),
    blocks: richText(post.text),
    ...(post.threadTs === undefined ? {} : { thread_ts: post.threadTs, parent_user_id: workspace.find(post.channel, post.threadTs)?.user }),
    channel: post.channel,
    event_ts: post.ts,
    ...(type === "message" ? { channel_type: channelType(room) } : {}),
  };
}

export function channelType(room: Room): string {
  return { public: "channel", private: "group", im: "im", mpim: "mpim" }[room.kind];
}
