import type { Activity } from "botbuilder";
import type { Receipt } from "../../core/fact.ts";
import type { Reply } from "../../core/reply.ts";
import { bytesOf, cleanMarkdown, escapeText, within } from "./text.ts";

/** Teams takes about 100 KB a message; the service's own fields come on top. */
export const MESSAGE_BYTES = 80_000;

/** The page says twenty citations; Microsoft's own tool takes ten, and the card has all sources. */
export const WORD_LIMITS = { text: 20_000, citations: 10, name: 80, abstract: 160, url: 1_000, suggestions: 3 } as const;

const CUT = "\n\n_The rest of this answer is in the console._";

/**
 * The answer in words, with label, citations and thumbs. Teams splits text and attachment of one message and gives no id for them, so
 * pictures and card go apart. Suggestions are here in personal chats only; Teams shows them nowhere else.
 */
export function renderWords(reply: Reply, personal: boolean, bytes = MESSAGE_BYTES): Partial<Activity> {
  let limit: number = WORD_LIMITS.text;
  let activity = wordsWithin(reply, personal, limit);
  while (bytesOf(activity) > bytes && limit > 1_000) {
    limit = Math.floor(limit * 0.8);
    activity = wordsWithin(reply, personal, limit);
  }
  return activity;
}

function wordsWithin(reply: Reply, personal: boolean, limit: number): Partial<Activity> {
  const receipts = (reply.receipts ?? []).slice(0, WORD_LIMITS.citations);
  const clean = cleanMarkdown(reply.text, reply.receipts ?? []);
  const marks = receipts.map((_, i) => ` [${i + 1}]`).join("");
  const notice = reply.notice ? `\n\n_${escapeText(reply.notice)}_` : "";
  const byModel = reply.turn?.agent === "model";
  const questions = personal ? (reply.suggestions ?? []).slice(0, WORD_LIMITS.suggestions) : [];
  return {
    type: "message",
    textFormat: "markdown",
    text: `${within(clean, limit)}${marks}${clean.length > limit ? CUT : ""}${notice}`,
    ...(receipts.length > 0 || byModel ? { entities: [provenance(receipts, byModel)] } : {}),
    ...(reply.turn ? { channelData: { feedbackLoop: { type: "default" } } } : {}),
    ...(questions.length > 0 ? { suggestedActions: { to: [], actions: questions.map(suggestion) } } : {}),
  } as Partial<Activity>;
}

function provenance(receipts: readonly Receipt[], byModel: boolean) {
  return {
    type: "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "@id": "",
    // Empty, Microsoft's own tools refuse the message.
    ...(byModel ? { additionalType: ["AIGeneratedContent"] } : {}),
    citation: receipts.map(citation),
  };
}

function citation(receipt: Receipt, index: number) {
  const about = `${receipt.status}${receipt.provisional ? `, provisional ${receipt.provisional}` : ""}: ${receipt.query}`;
  return {
    "@type": "Claim",
    position: index + 1,
    appearance: {
      "@type": "DigitalDocument",
      name: within(receipt.source, WORD_LIMITS.name),
      abstract: within(about, WORD_LIMITS.abstract),
      ...(receipt.url && receipt.url.length <= WORD_LIMITS.url ? { url: receipt.url } : {}),
    },
  };
}

function suggestion(question: string) {
  return { type: "imBack", title: within(question, WORD_LIMITS.name), value: question };
}
