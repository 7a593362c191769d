import { z } from "zod";
import type { DigestDesk, DigestPlace } from "../core/digest.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { digestFromWords } from "./change-digest-words.ts";

const ACTIONS = ["add", "move", "pause", "resume", "remove"] as const;

/** What people may type themselves as `/digest …`, for an agent that was asked in other words: it waits for an approval. */
export const changeDigest = defineTool({
  name: "change_digest",
  title: "Change a digest's schedule",
  description:
    "Subscribes this channel to a digest, moves one to another time, pauses, resumes or removes it, once the person has approved the card. Use it when someone asks to change when or whether a report goes out here.",
  examples: [
    "move the cost digest to every weekday at 8 in Berlin",
    "subscribe us to the weekly delivery digest",
    "pause the daily report for now",
  ],
  effect: "write",
  role: "analyst",
  input: z.strictObject({
    action: z.enum(ACTIONS).describe("add subscribes, move gives it another time."),
    digest: z.string().trim().min(1).max(60).describe('Name of the digest, "cost", or the id of a subscription.'),
    schedule: z.string().trim().min(1).max(200).optional().describe('When, for add and move: "every weekday at 8 in Berlin".'),
  }),

  fromWords: (words) => digestFromWords(words) as Record<string, unknown> | undefined,

  async preview({ action, digest, schedule }, context) {
    const { desk, place } = here(context);
    if (schedule !== undefined && ELSEWHERE.test(schedule))
      throw new UserError(`This card is for here alone. For another place say it yourself: \`/digest add ${digest} ${schedule}\`.`, {
        path: "schedule",
      });
    if (action === "add") {
      const kinds = await desk.kinds();
      const kind = kinds.find(({ name }) => name === digest);
      if (!kind)
        throw new UserError(`There is no digest “${digest}”. There is ${listWords(kinds.map(({ name }) => name))}.`, { path: "digest" });
      return { title: `Send the digest “${kind.title}” here`, lines: [`What: ${kind.summary}`, `When: ${schedule ?? kind.schedule}`] };
    }
    const current = await subscribed(desk, digest, place);
    if (action === "move" && schedule === undefined)
      throw new UserError("When shall it come? Say it like “every weekday at 8 in Berlin”.", { path: "schedule" });
    const then =
      action === "move" ? `From now on: ${schedule}` : { pause: "It pauses.", resume: "It goes on.", remove: "It ends." }[action];
    return { title: `${TITLES[action]} the digest here`, lines: [`Digest: ${current.words} (${current.id})`, then] };
  },

  async run({ action, digest, schedule }, context): Promise<Finding> {
    const { desk, place } = here(context);
    const { audience, user, scope } = context;
    const where = { ...place, audience, ...(scope ? { scope } : {}) };
    const done = await change();
    const text = `${DONE[action]}: **${done.words}** (\`${done.id}\`).`;
    return { content: text, blocks: [{ type: "markdown", text }], receipts: [], suggestions: ["/digest list"] };

    async function change() {
      if (action === "add") return desk.add(`${digest} ${schedule ?? ""}`.trim(), where, user);
      const current = await subscribed(desk, digest, place);
      if (action === "pause" || action === "resume") return desk.pause(current.id, action === "pause", place);
      if (action === "remove") return desk.remove(current.id, place);
      // The new one first: when its words are not understood the old one stays.
      const moved = await desk.add(`${current.digest} ${schedule ?? ""}`.trim(), where, user);
      if (moved.id !== current.id) await desk.remove(current.id, place);
      return moved;
    }
  },
});

/** A channel, an address or a webhook: nobody should approve one who reads "here". */
const ELSEWHERE = /[@#]|\bwebhook\b/i;
const TITLES = { move: "Move", pause: "Pause", resume: "Resume", remove: "Remove" } as const;
const DONE = { add: "Subscribed", move: "Moved", pause: "Paused", resume: "Goes on", remove: "Removed" } as const;

function here({ digests, message }: ToolContext): { desk: DigestDesk; place: DigestPlace } {
  if (!digests || !message) throw new UserError("Say it in the chat the digest is for.", { path: "digest" });
  return { desk: digests, place: { channel: message.channel, conversation: message.conversation } };
}

async function subscribed(desk: DigestDesk, named: string, place: DigestPlace) {
  const all = await desk.list(place);
  const found = all.filter(({ id, digest }) => id === named || digest === named);
  const [only, ...more] = found;
  if (only && more.length === 0) return only;
  const known = all.length > 0 ? `There is ${listWords(all.map(({ id, words }) => `${id} (${words})`))}.` : "None goes out here.";
  throw new UserError(
    only
      ? `There are several of “${named}” here: ${listWords(found.map(({ id }) => id))}. Say which.`
      : `There is no digest “${named}” here. ${known}`,
    {
      path: "digest",
    },
  );
}
