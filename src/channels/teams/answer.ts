import type { Activity, TurnContext } from "botbuilder";
import type { Reply } from "../../core/reply.ts";
import { renderCard } from "./card.ts";
import { failureOf, whenAllowed } from "./failure.ts";
import { renderPictures } from "./pictures.ts";
import { Stream } from "./stream.ts";
import { cleanMarkdown, settledText, within } from "./text.ts";
import { renderWords, WORD_LIMITS } from "./words.ts";

export interface AnswerOptions {
  renderPng(spec: Readonly<Record<string, unknown>>, size?: { width: number }): Promise<Buffer>;
  wait(ms: number): Promise<void>;
  onFault(error: unknown): void;
}

export interface Asked {
  personal: boolean;
  /** The reader stopped the answer. */
  onStopped(): void;
  /** The words stand in Teams under this id. */
  onSent(id: string, reply: Reply): Promise<void>;
}

/** Characters Teams takes of a status. */
const STATUS_LIMIT = 1_000;
const NOT_SHOWN = "A part of this answer could not be shown in Teams. The console has all of it.";

/** Brings an answer to its reader: streamed in a personal chat, "typing" and one message elsewhere; then pictures and a card. */
export function createAnswering({ renderPng, wait, onFault }: AnswerOptions) {
  async function deliver(context: TurnContext, replies: AsyncIterable<Reply>, asked: Asked): Promise<void> {
    const stream = asked.personal ? new Stream(context, { wait, onStopped: asked.onStopped }) : undefined;
    if (!stream) await context.sendActivity({ type: "typing" }).catch(onFault);
    for await (const reply of replies) {
      if (reply.final) await finish(context, reply, stream, asked);
      else if (reply.text) {
        const text = settledText(reply.text);
        if (text.length < WORD_LIMITS.text) stream?.push(text);
      } else if (reply.status) stream?.status(within(cleanMarkdown(reply.status, []), STATUS_LIMIT));
    }
  }

  async function finish(context: TurnContext, reply: Reply, stream: Stream | undefined, asked: Asked): Promise<void> {
    const words = renderWords(reply, asked.personal);
    try {
      const sent = stream ? await stream.end(words) : { id: await post(context, words) };
      if (sent === "stopped") return;
      if (sent.id) await asked.onSent(sent.id, reply);
    } catch (error) {
      onFault(error);
      // Where the words were refused, more would be too.
      if (failureOf(error).kind !== "ambiguous") return;
    }
    await showBlocks(context, reply, asked.personal);
  }

  /** Pictures and card. Never throws: the words stand already. */
  async function showBlocks(context: TurnContext, reply: Reply, personal: boolean): Promise<void> {
    const pictures = await renderPictures(reply, renderPng, onFault);
    const pictured = new Set<number>();
    for (const [index, picture] of pictures) if (await attempt(context, picture)) pictured.add(index);
    const card = renderCard(reply, { pictured, personal });
    if (card && !(await attempt(context, card))) await attempt(context, { type: "message", text: NOT_SHOWN });
  }

  /** False when Teams has certainly not taken it. */
  async function attempt(context: TurnContext, activity: Partial<Activity>): Promise<boolean> {
    try {
      await post(context, activity);
      return true;
    } catch (error) {
      onFault(error);
      return failureOf(error).kind === "ambiguous";
    }
  }

  async function post(context: TurnContext, activity: Partial<Activity>): Promise<string> {
    return (await whenAllowed(() => context.sendActivity(activity), wait))?.id ?? "";
  }

  return { deliver, post, showBlocks };
}
