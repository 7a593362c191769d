import { setTimeout } from "node:timers/promises";
import { channelKinds } from "../channels/index.ts";
import type { Channel } from "../core/channel.ts";
import type { DigestPlace } from "../core/digest.ts";
import type { User } from "../core/message.ts";
import type { Reply } from "../core/reply.ts";
import { plainWords } from "../core/text.ts";
import type { WriteDesk } from "../core/tool.ts";
import { UserError, VendorError } from "../errors.ts";
import { isKeyless } from "../identity/access.ts";
import { askerOf, sightOf } from "../identity/sight.ts";
import { type Project, projectFields, projects } from "../records/projects.ts";
import type { Outcome } from "../records/record-store.ts";
import { postState, putPosts } from "../storage/outbox.ts";
import type { Store } from "./store.ts";

/** What our own write tools do, with the channels as soon as they are open. */
export interface HouseDesk extends WriteDesk {
  /** From now on posts can go to these; `wake` has them sent at once. */
  open(channels: readonly Channel[], wake: () => void): void;
}

/** So often it is looked whether a post has arrived, with so long between two looks. */
const MOST_LOOKS = 160;
const LOOK_MS = 50;

/** Of the archive; the newest are shown. */
const MOST = 200;

export function createWriteDesk(
  { database, records, bindings, conversations }: Pick<Store, "database" | "records" | "bindings" | "conversations">,
  now: () => Date,
): HouseDesk {
  let channels: readonly Channel[] = [];
  let wake = () => {};

  return {
    open(opened, begin) {
      channels = opened;
      wake = begin;
    },

    async setBudget(project, budget, user) {
      const apply = ({ budget: _, ...data }: Readonly<Record<string, unknown>>) =>
        fieldsOf(budget === null ? data : { ...data, budget }, "budget");
      refuse(await records.change(projects, project, { action: "update", apply }, askerOf(user)));
    },

    questions: (user, limit) => conversations.questions(user.id, limit),

    checkForget,

    async forget(person, by) {
      checkForget(by);
      await conversations.forget(person);
    },

    async createProject(fields, user) {
      if (user.project) throw new UserError("Your key is for one project: it creates no other.");
      refuse(await records.create(projects, fieldsOf(fields, "name"), askerOf(user)));
    },

    async bind(place, project, user) {
      // The whole channel, not the thread it was asked in.
      const room = channelKinds.map((kind) => (place.startsWith(`${kind.name}:`) ? kind.room(place) : undefined)).find(Boolean) ?? place;
      const before = await bindings.boundTo(room);
      if (before !== null && !(await records.get(projects, before, sightOf(user))))
        throw new UserError("This place is bound to a project you do not see. Ask an admin to change that.", { path: "project" });
      if (project === null) {
        if (!(await bindings.unbind(room, user.id))) throw new UserError("This place is bound to no project.", { path: "project" });
      } else if (!(await records.get(projects, project, sightOf(user))) || (await bindings.bind(room, project, user.id)) === "missing")
        throw new UserError("There is no such project any more.", { path: "project" });
    },

    async archivedProjects(user) {
      const { records: found } = await records.list(projects, { limit: MOST, archived: "yes" }, sightOf(user));
      return found.map(({ id, data }) => ({ id, fields: data }));
    },

    async setArchived(project, archived, user) {
      refuse(await records.setArchived(projects, project, archived, askerOf(user)));
    },

    async findPlace(name, beside) {
      const channel = channels.find((one) => one.name === beside.channel);
      const found = await channel?.findPlace?.(name, beside.conversation);
      if (found !== undefined) return found;
      throw new UserError(
        channel?.findPlace
          ? `I see no channel “${plainWords(name)}” here. Invite me to it, then ask again.`
          : "I can post to another channel in Slack, asked from there.",
        { path: "channel" },
      );
    },

    async post({ channel, conversation }: DigestPlace, text, key) {
      const reply: Reply = { text, final: true };
      await putPosts(database.kysely, [{ key, channel, conversation, reply: JSON.stringify(reply) }], now());
      wake();
      // Without a channel nobody here sends it.
      return channels.length > 0 ? arrival(database, channel, key) : "waiting";
    },
  };
}

/** What became of a post: told as it is, and not as it was meant. Throws VendorError. */
async function arrival(database: Store["database"], channel: string, key: string): Promise<"sent" | "waiting"> {
  const title = channelKinds.find(({ name }) => name === channel)?.title ?? channel;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { state = "waiting", error } = (await postState(database, key)) ?? {};
    if (state === "sent") return state;
    if (state === "refused") throw new VendorError(title, `${title} did not take the post.`, { status: 400, detail: error ?? "" });
    if (state === "unknown") throw new VendorError(title, `${title} did not say whether it took the post.`);
    await setTimeout(LOOK_MS);
  }
  return "waiting";
}

function checkForget(user: User): void {
  if (isKeyless(user))
    throw new UserError(
      "Whoever is at this machine without a key asks under one name, so there is nobody here to forget. Ask with a key of your own, or in chat.",
    );
}

/** Throws UserError that names every wrong field. */
function fieldsOf(fields: Readonly<Record<string, unknown>>, path: string): Project {
  const parsed = projectFields.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new UserError(parsed.error.issues.map((issue) => `${issue.path.join(" ")} ${issue.message}`).join("; "), { path });
}

function refuse(outcome: Outcome): void {
  if (outcome.state === "missing") throw new UserError("There is no such project of yours any more.", { path: "project" });
  if (outcome.state === "stale") throw new UserError("The project was changed meanwhile. Ask again.", { path: "project" });
  if (outcome.state === "conflict" || outcome.state === "wrong") throw new UserError(outcome.message, { path: outcome.path });
}
