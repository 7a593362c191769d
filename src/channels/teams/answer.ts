import type { Activity, TurnContext } from "botbuilder";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import { type Picture, renderCards, renderWholeCard } from "./card.ts";
import { type Failure, failureOf, isClosed, whenAllowed } from "./failure.ts";
import { drawCharts } from "./pictures.ts";
import { Stream } from "./stream.ts";
import { cleanMarkdown, settledText, within } from "./text.ts";
import { tidied } from "./tidy.ts";
import { FIRST_TYPING_MS, keepTyping } from "./typing.ts";
import { MESSAGE_BYTES, renderWords, WORD_LIMITS } from "./words.ts";

export type AnswerOptions = Pick<ChannelOptions, "renderPng" | "publishChart" | "wait" | "onFault">;

export interface Asked {
  personal: boolean;
  /** The message of ours whose button was pressed: where the answer ends its approval, it shows how. */
  card?: string;
  /** The reader stopped the answer. */
  onStopped(): void;
  /** A stream has begun under this id. */
  onStream(id: string): Promise<void>;
  /** The words stand in Teams under this id. */
  onSent(id: string, reply: Reply): Promise<void>;
  /** The answer is there, or may be, or its reader wants none: it must not come again. */
  onDelivered(): Promise<void>;
}

/** Characters Teams takes of a status. */
const STATUS_LIMIT = 1_000;
const NOT_SHOWN = "A part of this answer could not be shown in Teams. The console has all of it.";
/** What is tried when Teams finds the first try too large, or knows something in a card not. */
const SMALLER = { words: MESSAGE_BYTES / 4, card: 10_000 } as const;

/** Brings an answer to its reader: streamed in a personal chat, "typing" and one message elsewhere; then pictures and cards. */
export function createAnswering(options: AnswerOptions) {
  const { wait, onFault } = options;

  async function deliver(context: TurnContext, replies: AsyncIterable<Reply>, asked: Asked): Promise<void> {
    const stream = asked.personal ? new Stream(context, { wait, onStopped: asked.onStopped, onBegun: asked.onStream }) : undefined;
    const endTyping = keepTyping({
      show: () => context.sendActivity({ type: "typing" }),
      isCovered: () => stream?.isShown ?? false,
      wait,
      firstAfterMs: stream ? FIRST_TYPING_MS : 0,
    });
    try {
      for await (const reply of replies) {
        if (reply.final) {
          endTyping();
          await finish(context, tidied(reply), stream, asked);
        } else if (reply.text) {
          const text = settledText(reply.text);
          if (text.length < WORD_LIMITS.text) stream?.push(text);
        } else if (reply.status) stream?.status(within(cleanMarkdown(reply.status, []), STATUS_LIMIT));
      }
    } finally {
      endTyping();
    }
  }

  async function finish(context: TurnContext, reply: Reply, stream: Stream | undefined, asked: Asked): Promise<void> {
    try {
      const sent = await postWords(reply, asked.personal, (words) => (stream ? stream.end(words) : post(context, words)));
      await asked.onDelivered();
      if (sent === "stopped") return;
      if (sent) await asked.onSent(sent, reply);
    } catch (error) {
      onFault(error);
      // Where the words were refused, more would be too.
      if (failureOf(error).kind !== "ambiguous") return;
      await asked.onDelivered();
    }
    await showBlocks(context, reply, asked.personal);
    await settleCard(context, reply, asked);
  }

  /** Nobody presses twice what is over. Never throws: the answer stands already. */
  async function settleCard(context: TurnContext, { settled }: Reply, { card: id }: Asked): Promise<void> {
    if (!settled || id === undefined) return;
    try {
      const card = await cardOf(tidied({ text: "", blocks: [settled], final: true }));
      await whenAllowed(() => context.updateActivity({ ...card, id }), wait);
    } catch (error) {
      onFault(error);
    }
  }

  /** Words that are too large after all are posted again with less in them: they were refused, so they cannot be doubled. Gives what `send` gives. */
  async function postWords(reply: Reply, personal: boolean, send: (words: Partial<Activity>) => Promise<string>): Promise<string> {
    try {
      return await send(renderWords(reply, personal));
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "refused" || failure.status !== 413) throw error;
      onFault(error);
      return await send(renderWords(reply, personal, SMALLER.words));
    }
  }

  /** Pictures and cards. Never throws: the words stand already. */
  async function showBlocks(context: TurnContext, reply: Reply, personal: boolean): Promise<void> {
    const pictures = await showPictures(context, reply);
    const [card, ...more] = pictures ? renderCards(reply, { pictures, personal }) : [];
    if (!pictures || !card) return;
    let failure = await attempt(context, card);
    if (failure && !isClosed(failure)) {
      const [smaller] = renderCards(reply, { pictures, personal, plain: true, bytes: SMALLER.card });
      failure = await attempt(context, smaller ?? card);
    }
    if (failure && isClosed(failure)) return;
    if (failure) await attempt(context, { type: "message", text: NOT_SHOWN });
    for (const further of more) if (await attempt(context, further)) return;
  }

  /** A reply that is one message: pictures stand in it where there is an address for them, else the chart is drawn by Teams or told in words. */
  async function cardOf(reply: Reply): Promise<Partial<Activity>> {
    const pictures = new Map<number, Picture>();
    for (const [index, drawn] of await drawCharts(reply, options)) if (drawn.kind === "address") pictures.set(index, drawn);
    return renderWholeCard(reply, { pictures, personal: false });
  }

  /** Where each picture is by now; undefined when Teams takes nothing more. */
  async function showPictures(context: TurnContext, reply: Reply): Promise<Map<number, Picture> | undefined> {
    const pictures = new Map<number, Picture>();
    for (const [index, drawn] of await drawCharts(reply, options)) {
      if (drawn.kind === "address") pictures.set(index, drawn);
      else {
        const failure = await attempt(context, drawn.activity);
        if (failure && isClosed(failure)) return undefined;
        if (!failure) pictures.set(index, "above");
      }
    }
    return pictures;
  }

  /** Why Teams has certainly not taken it; undefined when it has, or may have. */
  async function attempt(context: TurnContext, activity: Partial<Activity>): Promise<Failure | undefined> {
    try {
      await post(context, activity);
      return undefined;
    } catch (error) {
      onFault(error);
      const failure = failureOf(error);
      return failure.kind === "ambiguous" ? undefined : failure;
    }
  }

  async function post(context: TurnContext, activity: Partial<Activity>): Promise<string> {
    return (await whenAllowed(() => context.sendActivity(activity), wait))?.id ?? "";
  }

  return { deliver, post, postWords, showBlocks, cardOf };
}
