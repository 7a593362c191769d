import { IDS, SAMPLE_PEOPLE, SAMPLE_ROOMS } from "./sample.ts";
import type { AgentSession, Person, Post, Prompts, Room, StatusChange, StoredFile, StoredView } from "./shapes.ts";

const STREAM_LIFE_MS = 300_000;
const STATUS_LIFE_MS = 120_000;
const TRIGGER_LIFE_MS = 3_000;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

export interface ResponseUrl {
  room: string;
  user: string;
  /** The message whose button was pressed. */
  origin?: string;
  threadTs?: string;
  madeAt: Date;
  uses: number;
}

/** All that Slack remembers. Methods change it, deliveries add to it, tests look at it. */
export class Workspace {
  readonly people = new Map<string, Person>();
  readonly rooms = new Map<string, Room>();
  readonly posts: Post[] = [];
  readonly files = new Map<string, StoredFile>();
  readonly statuses: StatusChange[] = [];
  readonly sessions: AgentSession[] = [];
  readonly prompts: Prompts[] = [];
  readonly titles: { channel: string; thread: string; title: string }[] = [];
  readonly reactions: { channel: string; ts: string; name: string }[] = [];
  /** By person. */
  readonly homes = new Map<string, StoredView>();
  readonly modals: StoredView[] = [];
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly #triggers = new Map<string, { at: Date; user: string }>();
  readonly #now: () => Date;
  #count = 0;

  constructor(now: () => Date, people: readonly Person[] = SAMPLE_PEOPLE, rooms: readonly Room[] = SAMPLE_ROOMS) {
    this.#now = now;
    for (const person of people) this.people.set(person.id, { ...person });
    for (const room of rooms) this.rooms.set(room.id, { ...room, members: [...room.members] });
    this.people.set(IDS.bot, { id: IDS.bot, name: "firstmate", realName: "Firstmate", tz: "UTC", team: IDS.team, bot: true });
  }

  /** Seconds of the clock and a number that never comes twice. */
  nextTs(): string {
    this.#count += 1;
    return `${Math.floor(this.#now().getTime() / 1000)}.${String(this.#count).padStart(6, "0")}`;
  }

  nextId(prefix: string): string {
    this.#count += 1;
    return `${prefix}${String(this.#count).padStart(6, "0")}`;
  }

  /** The message, deleted ones too: their threads live on. */
  find(channel: string, ts: string): Post | undefined {
    return this.posts.find((post) => post.channel === channel && post.ts === ts);
  }

  add(post: Omit<Post, "ts" | "edits" | "deleted" | "files" | "blocks"> & Partial<Post>): Post {
    const stored: Post = { edits: 0, deleted: false, files: [], blocks: [], ts: this.nextTs(), ...post };
    this.posts.push(stored);
    return stored;
  }

  directWith(user: string): Room {
    const known = [...this.rooms.values()].find((room) => room.kind === "im" && room.members.includes(user));
    if (known) return known;
    const room: Room = { id: this.nextId("D"), name: "", kind: "im", members: [user], joined: true };
    this.rooms.set(room.id, room);
    return room;
  }

  /** A live stream older than its life is expired from now on: the message stays broken until it is edited. */
  settleStream(post: Post): void {
    if (post.stream?.state === "live" && this.#now().getTime() - post.stream.startedAt.getTime() >= STREAM_LIFE_MS)
      post.stream.state = "expired";
  }

  liveStreams(channel: string, threadTs: string | undefined): Post[] {
    return this.posts.filter((post) => {
      this.settleStream(post);
      return post.channel === channel && post.threadTs === threadTs && post.stream?.state === "live";
    });
  }

  /** What the status line shows now; "" when it is cleared, two minutes old, or a message of the app came after it. */
  statusShown(channel: string, thread: string): string {
    const last = this.statuses.findLast((s) => s.channel === channel && s.thread === thread);
    return last && this.#now().getTime() - last.at.getTime() < STATUS_LIFE_MS ? last.status : "";
  }

  issueTrigger(user: string): string {
    const id = `${this.nextId("9")}.${this.nextId("7")}.${"a1b2c3d4".repeat(4)}`;
    this.#triggers.set(id, { at: this.#now(), user });
    return id;
  }

  /** Good once, for three seconds. */
  useTrigger(id: string): { user: string } | "invalid_trigger_id" | "expired_trigger_id" | "exchanged_trigger_id" {
    const trigger = this.#triggers.get(id);
    if (!trigger) return "invalid_trigger_id";
    if (trigger.user === "") return "exchanged_trigger_id";
    if (this.#now().getTime() - trigger.at.getTime() > TRIGGER_LIFE_MS) return "expired_trigger_id";
    this.#triggers.set(id, { ...trigger, user: "" });
    return { user: trigger.user };
  }

  /** Returns the path of a new response_url. */
  issueResponseUrl(place: Pick<ResponseUrl, "room" | "user" | "origin" | "threadTs">): string {
    const path = `/hooks/${IDS.team}/${this.nextId("")}/secret`;
    this.responseUrls.set(path, { ...place, madeAt: this.#now(), uses: 0 });
    return path;
  }

  /** Five uses in thirty minutes. Counts one. */
  useResponseUrl(path: string): ResponseUrl | "unknown" | "expired" | "used up" {
    const url = this.responseUrls.get(path);
    if (!url) return "unknown";
    if (this.#now().getTime() - url.madeAt.getTime() > RESPONSE_URL_LIFE_MS) return "expired";
    if (url.uses >= RESPONSE_URL_USES) return "used up";
    url.uses += 1;
    return url;
  }
}
