import type { DigestPlace } from "../core/digest.ts";
import type { Reply } from "../core/reply.ts";

/** Places outside of chats: nobody answers there, so there is no thread, and what would follow goes along. */
const MAIL = "email";
const WEBHOOK = "webhook";

const HOW_TO_STOP = "Who set this digest up can stop it in the chat: /digest list, then /digest remove and its id.";

/** What such a place is called: "finance@example.com", "webhook:n8n"; undefined for a place in a chat. */
export function outsideName({ channel, conversation }: DigestPlace): string | undefined {
  if (channel === MAIL) return conversation.replace(/^email:/, "");
  return channel === WEBHOOK ? `webhook:${conversation.replace(/^webhook:/, "")}` : undefined;
}

/** For a list; nothing of a place in a chat. */
export function outsideWords(place: DigestPlace): string[] {
  const name = outsideName(place);
  if (name === undefined) return [];
  return [place.channel === MAIL ? `by mail to ${name}` : `to the ${name.replace(":", " ")}`];
}

/** How a digest goes to a channel: with its details under it, or all in one. `id` names it for good, `at` is the instant it is for. */
export function shaped(
  channel: string,
  { reply, details }: { reply: Reply; details?: Reply | undefined },
  { id, at }: { id: string; at: Date },
): { reply: Reply; details?: Reply | undefined } {
  if (channel === MAIL) return { reply: { ...joined(reply, details), notice: HOW_TO_STOP } };
  if (channel === WEBHOOK) return { reply: eventOf(joined(reply, details), id, at) };
  return { reply, details };
}

function joined(reply: Reply, details: Reply | undefined): Reply {
  // Nobody asks there, so nothing is kept of what was asked with.
  const { suggestions: _, turn: __, ...rest } = reply;
  if (!details) return rest;
  const text = reply.text.replaceAll("are in the thread", "are below").replaceAll("see the thread", "see below");
  // The first line of the details is a heading for a thread.
  const more = details.text.split("\n").slice(1).join("\n");
  return { ...rest, text: [text, more].filter(Boolean).join("\n"), blocks: [...(reply.blocks ?? []), ...(details.blocks ?? [])] };
}

/** What a receiver's program reads: the words, the tables with their figures, what the charts show, and the receipts. */
function eventOf({ text, blocks = [], receipts = [], failed }: Reply, id: string, at: Date): Reply {
  const data = {
    text,
    failed: failed ?? false,
    tables: blocks.flatMap((block) =>
      block.type === "table" ? [{ title: block.title ?? null, columns: block.columns, rows: block.rows }] : [],
    ),
    charts: blocks.flatMap((block) => (block.type === "chart" ? [{ title: block.title, alt: block.alt }] : [])),
    receipts: receipts.map(({ source, query, status, fetchedAt, provisional }) => ({
      ...{ source, query, status, fetchedAt: fetchedAt.toISOString(), provisional: provisional ?? null },
    })),
  };
  const event = { type: "digest.made.v1", id, timestamp: at.toISOString(), data };
  return { text: JSON.stringify(event), final: true };
}
