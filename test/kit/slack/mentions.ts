import { walk } from "./blocks/words.ts";
import { type Fields, type RecordedCall, stringOf } from "./shapes.ts";

/** Markup that pings people, links, or makes Slack fetch something, found in what an app sends. */
export interface Mention {
  /** As it was sent: "<!channel>", "<@U0ADA>", "<https://…|label>". */
  raw: string;
  kind: "broadcast" | "user" | "channel" | "link" | "image";
  /** The argument it was found in. */
  where: string;
}

const MARKUP = /<(?:!(?:channel|here|everyone|subteam|date)|@[UWB]|#[CGD]|https?:|mailto:)[^>\n]*>?/gi;
const MARKDOWN_IMAGE = /!\[[^\]]*\]\([^)]*\)/g;

/**
 * Raw markup in the arguments that Slack reads as mrkdwn or markdown. Plain text objects and raw table cells are left out:
 * nothing is live in them. Elements of rich text that ping count too.
 */
export function findMentions(call: Pick<RecordedCall, "args">): Mention[] {
  const { args } = call;
  const found = [...inText(stringOf(args.text), "text"), ...inText(stringOf(args.markdown_text), "markdown_text")];
  for (const name of ["blocks", "chunks", "view"]) for (const part of walk(args[name])) found.push(...inPart(part, name));
  return found;
}

/** The same for a finished message: what was split over the pieces of a stream is whole here. */
export function findMentionsInMessage(message: { text: string; blocks: readonly Fields[] }): Mention[] {
  return findMentions({ args: { text: message.text, blocks: message.blocks } });
}

function inPart(part: Fields, where: string): Mention[] {
  if (part.type === "mrkdwn" || part.type === "markdown" || part.type === "markdown_text") return inText(stringOf(part.text), where);
  if (part.type === "task_update") return ["title", "details", "output"].flatMap((name) => inText(stringOf(part[name]), where));
  if (part.type === "broadcast") return [{ raw: `<!${stringOf(part.range)}>`, kind: "broadcast", where }];
  if (part.type === "user" && typeof part.user_id === "string") return [{ raw: `<@${part.user_id}>`, kind: "user", where }];
  if (part.type === "image" && typeof part.image_url === "string") return [{ raw: part.image_url, kind: "image", where }];
  return [];
}

function inText(text: string, where: string): Mention[] {
  const markup = (text.match(MARKUP) ?? []).map((raw): Mention => ({ raw, kind: kindOf(raw), where }));
  const images = (text.match(MARKDOWN_IMAGE) ?? []).map((raw): Mention => ({ raw, kind: "image", where }));
  return [...markup, ...images];
}

function kindOf(raw: string): Mention["kind"] {
  if (raw.startsWith("<!")) return "broadcast";
  if (raw.startsWith("<@")) return "user";
  return raw.startsWith("<#") ? "channel" : "link";
}
