import { IDS } from "../sample.ts";
import type { Fields, Person, Post, Room, StoredFile } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";

/** Stored things in the shapes the Web API answers with. */

export function wireMessage(post: Post, workspace: Workspace, options: { metadata?: boolean } = {}): Fields {
  const own = post.user === IDS.bot;
  const replies = workspace.posts.filter(
    (p) => p.channel === post.channel && p.threadTs === post.ts && p !== post && !p.deleted && p.onlyFor === undefined,
  );
  return {
    type: "message",
    user: post.user,
    ts: post.ts,
    text: post.text,
    team: IDS.team,
    ...(post.blocks.length > 0 ? { blocks: post.blocks.map((block, i) => ({ block_id: `b${i}`, ...block })) } : {}),
    ...(post.clientMsgId === undefined ? {} : { client_msg_id: post.clientMsgId }),
    ...(own ? { bot_id: IDS.botId, app_id: IDS.app } : {}),
    ...(post.threadTs === undefined ? {} : { thread_ts: post.threadTs, parent_user_id: workspace.find(post.channel, post.threadTs)?.user }),
    ...(replies.length > 0 ? { thread_ts: post.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts } : {}),
    ...(post.edits > 0 ? { edited: { user: post.user, ts: post.ts } } : {}),
    ...(post.stream
      ? { streaming_state: post.stream.state === "live" ? "in_progress" : post.stream.state === "expired" ? "errored" : "completed" }
      : {}),
    ...(options.metadata && post.metadata ? { metadata: post.metadata } : {}),
  };
}

export function wireRoom(room: Room): Fields {
  if (room.kind === "im")
    return { id: room.id, created: 1700000000, is_im: true, is_org_shared: false, user: room.members[0], is_archived: false };
  return {
    id: room.id,
    name: room.name,
    name_normalized: room.name,
    is_channel: room.kind === "public",
    is_group: room.kind === "private",
    is_im: false,
    is_mpim: room.kind === "mpim",
    is_private: room.kind !== "public",
    created: 1700000000,
    is_archived: room.archived === true,
    is_general: false,
    is_member: room.joined,
    is_shared: room.extShared === true,
    is_ext_shared: room.extShared === true,
    is_org_shared: false,
    is_pending_ext_shared: false,
    context_team_id: IDS.team,
    ...(room.extShared ? { shared_team_ids: [IDS.team, IDS.otherTeam] } : {}),
  };
}

/** `email` needs its own scope. A stranger's profile is short. */
export function wirePerson(person: Person, scopes: readonly string[], now: Date): Fields {
  return {
    id: person.id,
    team_id: person.team,
    name: person.name,
    real_name: person.realName,
    deleted: person.deactivated === true,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: offsetSeconds(person.tz, now),
    is_bot: person.bot === true,
    is_app_user: false,
    ...(person.stranger
      ? { is_stranger: true }
      : {
          is_admin: false,
          is_owner: false,
          is_restricted: Boolean(person.guest || person.singleChannelGuest),
          is_ultra_restricted: person.singleChannelGuest === true,
        }),
    profile: {
      real_name: person.realName,
      display_name: person.name,
      team: person.team,
      ...(person.email !== undefined && scopes.includes("users:read.email") ? { email: person.email } : {}),
    },
  };
}

function offsetSeconds(zone: string, at: Date): number {
  const name =
    new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
      .formatToParts(at)
      .find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT(?:([+-])(\d+):(\d+))?/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** Without a type until it is processed. */
export function wireFile(file: StoredFile, origin: string): Fields {
  const ready = file.refusalsLeft <= 0;
  return {
    id: file.id,
    created: Math.floor(file.createdAt.getTime() / 1000),
    name: file.name,
    title: file.title,
    alt_txt: file.altText,
    mimetype: ready ? file.mimetype : "",
    filetype: ready ? (file.mimetype.split("/")[1] ?? "") : "",
    size: file.bytes?.length ?? 0,
    user: IDS.bot,
    mode: "hosted",
    is_external: false,
    is_public: false,
    url_private: `${origin}/files-pri/${file.id}/${file.name}`,
    permalink: `${origin}/files/${IDS.bot}/${file.id}/${file.name}`,
    channels: [],
    groups: [],
    ims: [],
  };
}
