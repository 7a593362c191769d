import { z } from "zod";
import { cut } from "../core/text.ts";
import { UserError } from "../errors.ts";
import { sightOf } from "../identity/sight.ts";
import type { Conversations } from "../records/conversations.ts";
import { projects } from "../records/projects.ts";
import type { Records } from "../records/record-store.ts";
import type { Resource } from "../records/resource.ts";
import type { McpResource } from "./world.ts";

const MOST = 100;

/** What we keep ourselves, as its reader may see it: projects, and where the figures of their answers came from. */
export function ownRecords(records: Records, conversations: Pick<Conversations, "list" | "read" | "reply">): McpResource[] {
  return [projectsOf(records), receiptsOf(conversations)];
}

const projectQuery = z.object({ id: z.string().max(100).optional(), name: z.string().max(120).optional() });

function projectsOf(records: Records): McpResource {
  const kind = projects as unknown as Resource;
  return {
    name: "projects",
    title: "Projects",
    description: `Projects you may see, newest first, ${MOST} at most: repositories, Jira project, services, budget, owner.`,
    parameters: [
      { name: "id", description: "Only this one." },
      { name: "name", description: "Only the one of this name." },
    ],
    isThere: () => true,
    async read(given, { user }) {
      const { id, name } = projectQuery.parse(given);
      const sight = sightOf(user);
      if (id !== undefined) {
        const found = await records.get(kind, id, sight);
        if (!found) throw new UserError(`There is no project “${cut(id, 60)}” that you may see.`);
        return { projects: [shown(found)] };
      }
      const { records: found, next } = await records.list(kind, { limit: MOST, ...(name ? { name } : {}) }, sight);
      return { projects: found.map(shown), ...(next ? { note: `Only the newest ${MOST}; ask for others by name.` } : {}) };
    },
  };
}

function shown({ id, data, createdAt, updatedAt, archivedAt }: Awaited<ReturnType<Records["list"]>>["records"][number]) {
  return { id, ...data, createdAt, updatedAt, archivedAt };
}

function receiptsOf(conversations: Pick<Conversations, "list" | "read" | "reply">): McpResource {
  return {
    name: "receipts",
    title: "Receipts",
    description: "Where the figures of your answers came from: of one answer, or of your newest conversation.",
    parameters: [{ name: "turn", description: "Id of the answer, as “turn” in what ask gave." }],
    isThere: () => true,
    async read({ turn }, { user }) {
      if (turn !== undefined) {
        const found = await conversations.reply(turn);
        // Another person's answer is none.
        if (!found || found.userId !== user.id) throw new UserError(`There is no answer of yours with the id “${cut(turn, 60)}”.`);
        return { turn, receipts: found.reply.receipts ?? [] };
      }
      const [newest] = await conversations.list(user.id, 1);
      const whole = newest ? await conversations.read(newest.id, user.id) : null;
      return {
        conversation: newest?.id ?? null,
        answers: (whole?.turns ?? []).map(({ id, question, reply }) => ({ turn: id, question, receipts: reply?.receipts ?? [] })),
      };
    },
  };
}
