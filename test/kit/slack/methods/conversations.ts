import { blame, refuse } from "../refusal.ts";
import { type Fields, type Post, stringOf } from "../shapes.ts";
import { readableRoom } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";
import { wireMessage, wirePerson, wireRoom } from "./wire.ts";

const PAGE = 100;

const TYPES = { public: "public_channel", private: "private_channel", im: "im", mpim: "mpim" } as const;
const LISTING_SCOPES: Readonly<Record<string, string>> = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};

export const CONVERSATIONS: Readonly<Record<string, Method>> = {
  "conversations.info": method("channel", "include_num_members include_locale", (args, desk) => {
    const room = readableRoom(desk, stringOf(args.channel));
    return { channel: { ...wireRoom(room), ...(args.include_num_members === true ? { num_members: room.members.length } : {}) } };
  }),
  "conversations.members": method("channel", "cursor limit", (args, desk) => {
    const { members } = readableRoom(desk, stringOf(args.channel));
    const { page, next } = cut(members, args);
    return { members: page, response_metadata: { next_cursor: next } };
  }),
  "conversations.history": method("channel", "cursor limit oldest latest inclusive include_all_metadata", (args, desk) =>
    read(args, desk, (post) => post.threadTs === undefined).reversed(),
  ),
  "conversations.replies": method("channel ts", "cursor limit oldest latest inclusive include_all_metadata", replies),
  "conversations.open": method("", "channel users return_im prevent_creation", (args, desk) => {
    const user = stringOf(args.users);
    if (!desk.workspace.people.has(user)) refuse("user_not_found");
    return { channel: { id: desk.workspace.directWith(user).id } };
  }),
  "users.conversations": method("", "types exclude_archived limit cursor user team_id", (args, desk) => {
    const types = stringOf(args.types ?? "public_channel").split(",");
    for (const type of types) {
      const scope = LISTING_SCOPES[type] ?? blame("invalid_types", `the type "${type}"`);
      if (!desk.scopes.includes(scope)) refuse("missing_scope");
    }
    const rooms = [...desk.workspace.rooms.values()].filter(
      (room) => room.joined && types.includes(TYPES[room.kind]) && !(args.exclude_archived === true && room.archived),
    );
    const { page, next } = cut(rooms, args);
    return { channels: page.map((room) => wireRoom(room)), response_metadata: { next_cursor: next } };
  }),
  "users.info": method("user", "include_locale", (args, desk) => {
    const person = desk.workspace.people.get(stringOf(args.user));
    if (!person) refuse("user_not_found");
    return { user: wirePerson(person, desk.scopes, desk.now()) };
  }),
};

function replies(args: Fields, desk: Desk): Fields {
  const parent = desk.workspace.find(readableRoom(desk, stringOf(args.channel)).id, stringOf(args.ts));
  if (!parent) refuse("thread_not_found");
  return read(args, desk, (post) => post === parent || post.threadTs === parent.ts).forward();
}

/** The messages that are asked for, within oldest and latest; both ends are left out unless `inclusive`. */
function read(args: Fields, desk: Desk, wanted: (post: Post) => boolean): { forward(): Fields; reversed(): Fields } {
  const room = readableRoom(desk, stringOf(args.channel));
  if (!room.joined) refuse("not_in_channel");
  const oldest = boundOf(args.oldest, "0");
  const latest = boundOf(args.latest, "9999999999");
  const within = (ts: string) =>
    args.inclusive === true
      ? Number(ts) >= Number(oldest) && Number(ts) <= Number(latest)
      : Number(ts) > Number(oldest) && Number(ts) < Number(latest);
  const posts = desk.workspace.posts.filter(
    (post) => post.channel === room.id && !post.deleted && post.onlyFor === undefined && wanted(post) && within(post.ts),
  );
  const answer = (ordered: readonly Post[]): Fields => {
    const { page, next } = cut(ordered, args);
    const metadata = args.include_all_metadata === true;
    return {
      messages: page.map((post) => wireMessage(post, desk.workspace, { metadata })),
      has_more: next !== "",
      response_metadata: { next_cursor: next },
    };
  };
  return { forward: () => answer(posts), reversed: () => answer([...posts].reverse()) };
}

function boundOf(value: unknown, fallback: string): string {
  if (value === undefined) return fallback;
  const text = stringOf(value);
  if (!/^\d+(\.\d+)?$/.test(text)) blame("invalid_ts_oldest", `a bound of "${text}"`);
  return text;
}

function cut<T>(items: readonly T[], args: Fields): { page: readonly T[]; next: string } {
  const from = args.cursor === undefined ? 0 : Number(stringOf(args.cursor).replace("next:", ""));
  if (!Number.isInteger(from)) refuse("invalid_cursor");
  const limit = args.limit === undefined ? PAGE : Number(args.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) blame("invalid_limit", `limit ${String(args.limit)}`);
  const end = from + limit;
  return { page: items.slice(from, end), next: end < items.length ? `next:${end}` : "" };
}
