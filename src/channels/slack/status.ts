import type { Client } from "./client.ts";
import type { Place } from "./parse.ts";

/** Slack forgets a status after two minutes. */
const REFRESH_MS = 90_000;

/** What the reader sees while we work. A failure to show it is no failure of the answer. */
export interface Status {
  /** "reading costs …" under the thread. */
  show(status: string): void;
  /** What is shown is not kept alive any more; a message of ours takes it away. */
  rest(): void;
  /** Resolves when nothing is shown any more. */
  clear(): Promise<void>;
}

/** In direct messages Slack is also told that the thread is being worked on, and then shows a stop button. */
export function createStatus(client: Client, { channel, thread, direct }: Place, user: string): Status {
  if (!thread) return { show() {}, rest() {}, clear: async () => {} };
  const place = { channel_id: channel, thread_ts: thread };
  let current = "";
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const queue = (call: () => Promise<unknown>) => {
    last = last.then(call).catch(() => undefined);
  };
  const send = (status: string) => queue(() => client.assistant.threads.setStatus({ ...place, status }));
  const tell = (status: "processing" | "active") =>
    queue(() => client.agents.sessions.setStatus({ ...place, status, initiator_user_id: user }));
  if (direct) tell("processing");
  return {
    show(status) {
      if (status === current) return;
      current = status;
      send(status);
      timer ??= setInterval(() => send(current), REFRESH_MS).unref();
    },
    rest() {
      clearInterval(timer);
      timer = undefined;
    },
    async clear() {
      clearInterval(timer);
      if (current) send("");
      current = "";
      if (direct) tell("active");
      await last;
    },
  };
}

/** Takes away what another process showed. Never throws. */
export async function clearStatus(client: Client, { channel, thread, direct }: Place & { thread: string }): Promise<void> {
  const place = { channel_id: channel, thread_ts: thread };
  await client.assistant.threads.setStatus({ ...place, status: "" }).catch(() => undefined);
  if (direct) await client.agents.sessions.setStatus({ ...place, status: "active" }).catch(() => undefined);
}
