import type { AnyBlock } from "@slack/types";

/** Answers through a command's or a button's `response_url`, to that person alone. Throws `NotTaken` for a definite no, anything else when it is unclear. */
export type Respond = (url: string, words: string, options?: RespondOptions) => Promise<void>;

export interface RespondOptions {
  blocks?: readonly AnyBlock[];
  /** Shown there instead of below everything. */
  thread?: string;
  /** Takes the place of the message whose button was pressed. */
  replace?: boolean;
}

export class NotTaken extends Error {
  override readonly name = "NotTaken";
}

/** Where Slack lets commands be answered; anything else in a payload is not called. */
const SLACK_HOOKS = "https://hooks.slack.com/";

/** Only Slack's own host is called, or that of a test server named in the settings. */
export function createResponder(apiUrl: string | undefined): Respond {
  const own = apiUrl === undefined ? undefined : `${new URL(apiUrl).origin}/`;
  return async (url, words, { blocks = [], thread, replace = false } = {}) => {
    if (!url.startsWith(SLACK_HOOKS) && !(own && url.startsWith(own))) return;
    const body = JSON.stringify({
      response_type: "ephemeral",
      replace_original: replace,
      text: words,
      ...(blocks.length ? { blocks } : {}),
      ...(thread ? { thread_ts: thread } : {}),
    });
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    await response.body?.cancel();
    if (response.ok) return;
    const told = `response_url answered ${response.status}`;
    throw response.status < 500 ? new NotTaken(told) : new Error(told);
  };
}
