import type { AnyBlock } from "@slack/types";
import type { Reply } from "../../core/reply.ts";
import { type Client, failureOf, whenAllowed } from "./client.ts";
import type { Place } from "./parse.ts";
import { renderReply, type SlackMessage } from "./render.ts";
import { Stream } from "./stream.ts";
import { cleanMarkdown } from "./text.ts";
import { type RenderPng, uploadCharts, whenReady } from "./upload.ts";

export interface AnswerOptions {
  client: Client;
  renderPng: RenderPng;
  now(): Date;
  wait(ms: number): Promise<void>;
  onFault(error: unknown): void;
}

/** Brings an answer to its reader: streamed in direct messages, a status and one post elsewhere. Never throws. */
export function createAnswering(options: AnswerOptions) {
  const { client, now, wait, onFault } = options;

  async function deliver(replies: AsyncIterable<Reply>, place: Place, user: string, placeholder?: string): Promise<void> {
    const status = createStatus(client, place);
    const stream =
      place.direct && !placeholder
        ? new Stream(
            client,
            { channel: place.channel, thread_ts: place.thread, recipient_team_id: place.team, recipient_user_id: user },
            now,
          )
        : undefined;
    try {
      for await (const reply of replies) {
        if (reply.final) await finish(reply, place, stream, placeholder);
        else if (reply.text) stream?.push(cleanMarkdown(reply.text));
        else if (reply.status) status.show(reply.status);
      }
    } catch (error) {
      onFault(error);
    } finally {
      await status.clear();
    }
  }

  async function finish(reply: Reply, place: Place, stream: Stream | undefined, placeholder: string | undefined): Promise<void> {
    const files = await uploadCharts(client, reply, options.renderPng, onFault);
    const [first, ...more] = renderReply(reply, files);
    if (!first) return;
    if (stream) {
      const text = cleanMarkdown(reply.text, reply.receipts);
      const rest = first.blocks.filter((b, i) => !(i === 0 && b.type === "markdown"));
      await attempt(first, (message) => stream.end(text, message === first ? rest : []));
    } else if (placeholder)
      await attempt(first, (m) => client.chat.update({ channel: place.channel, ts: placeholder, text: m.text, blocks: m.blocks }));
    else await attempt(first, (m) => post(place, m));
    for (const message of more) await attempt(message, (m) => post({ ...place, thread: placeholder ?? place.thread }, m));
  }

  /** Once with everything; where Slack finds a block wrong, once more with the text alone, so that nobody is left without an answer. */
  async function attempt(message: SlackMessage, send: (message: SlackMessage) => Promise<unknown>): Promise<void> {
    try {
      await whenReady(() => whenAllowed(() => send(message), wait), wait);
    } catch (error) {
      onFault(error);
      const failure = failureOf(error);
      if (failure.kind !== "refused" || !/blocks/.test(failure.error)) return;
      await whenAllowed(() => send({ text: message.text, blocks: [] }), wait).catch(onFault);
    }
  }

  function post(place: Place, { text, blocks }: { text: string; blocks: AnyBlock[] }) {
    const thread = /^\d+\.\d+$/.test(place.thread) ? { thread_ts: place.thread } : {};
    return client.chat.postMessage({ channel: place.channel, ...thread, text, blocks, unfurl_links: false, unfurl_media: false });
  }

  return { deliver, post };
}

/** Slack forgets a status after two minutes. */
const REFRESH_MS = 90_000;

/** "is reading costs …" under the thread; a failure to show it is no failure of the answer. */
function createStatus(client: Client, place: Place) {
  let current = "";
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const send = () => {
    last = client.assistant.threads
      .setStatus({ channel_id: place.channel, thread_ts: place.thread, status: current })
      .catch(() => undefined);
  };
  const shows = /^\d+\.\d+$/.test(place.thread);
  return {
    show(status: string) {
      if (!shows || status === current) return;
      current = status;
      send();
      timer ??= setInterval(send, REFRESH_MS).unref();
    },
    async clear() {
      clearInterval(timer);
      if (!current) return;
      await last;
      current = "";
      send();
      await last;
    },
  };
}
