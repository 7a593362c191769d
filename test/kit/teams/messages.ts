import { cardProblems, imageProblems } from "./cards.ts";
import { blame, type Fields, Refusal } from "./shapes.ts";

const HARD_BYTES = 100_000;
/** What to aim for: the service adds fields of its own. */
const AIM_BYTES = 80_000;
const CITATIONS = 10;

/** Throws for what Teams refuses in a message, and for what it would show wrongly. */
export function checkMessage(activity: Fields, personal: boolean): void {
  const bytes = Buffer.byteLength(JSON.stringify(activity));
  if (bytes > HARD_BYTES) throw new Refusal(413, "MessageSizeTooBig", { broken: `a message of ${bytes} bytes` });
  if (bytes > AIM_BYTES) blame(`a message of ${bytes} bytes`, 413, "MessageSizeTooBig");
  if (activity.type !== "message") return;
  const { text = "", attachments = [], entities = [] } = activity;
  if (!text && attachments.length === 0) blame("an empty message");
  if (!String(text).isWellFormed()) blame("half a character");
  if (/^ {0,3}\|?(?: *:?-+:? *\|)+/m.test(outsideFences(String(text)))) blame("a message shows no tables of markdown");
  for (const attachment of attachments) checkAttachment(attachment);
  for (const entity of entities) if (entity.type === "https://schema.org/Message") checkProvenance(entity, text);
  checkSuggestions(activity, personal);
}

function outsideFences(text: string): string {
  return text.replace(/^ {0,3}```[\s\S]*?(?:^ {0,3}```|$(?![\s\S]))/gm, "");
}

function checkAttachment({ contentType, contentUrl, content, name }: Fields): void {
  const problems =
    contentType === "application/vnd.microsoft.card.adaptive"
      ? cardProblems(content ?? {})
      : contentType === "image/png"
        ? [...imageProblems(contentUrl), ...(name ? [] : ["an image attachment has a name"])]
        : [`an attachment of ${contentType}`];
  if (problems.length > 0) blame(problems.join("; "));
}

function checkProvenance({ "@type": type, additionalType, citation = [] }: Fields, text: string): void {
  if (type !== "Message") blame("the entity's @type is Message");
  if (additionalType !== undefined && JSON.stringify(additionalType) !== '["AIGeneratedContent"]')
    blame("additionalType is AIGeneratedContent");
  if (citation.length > CITATIONS) blame(`${citation.length} citations`);
  for (const { position, appearance = {} } of citation) {
    if (!text.includes(`[${position}]`)) blame(`no [${position}] in the text`);
    if (!appearance.name || appearance.name.length > 80) blame("a citation's name has 1 to 80 characters");
    if (appearance.abstract?.length > 160) blame("a citation's abstract has at most 160 characters");
  }
}

function checkSuggestions({ suggestedActions }: Fields, personal: boolean): void {
  const actions = suggestedActions?.actions ?? [];
  if (actions.length > 0 && !personal) blame("suggestions show in personal chats only");
  if (actions.length > 3) blame(`${actions.length} suggestions`);
  if (actions.some((action: Fields) => action.type !== "imBack" || !action.title || !action.value))
    blame("a suggestion is imBack with title and value");
}
