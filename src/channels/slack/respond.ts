import type { AnyBlock } from "@slack/types";

/** Answers through a command's `response_url`, to the asker alone. Throws when it cannot be delivered. */
export type Respond = (url: string, words: string, blocks?: readonly AnyBlock[]) => Promise<void>;

/** Where Slack lets commands be answered; anything else in a payload is not called. */
const SLACK_HOOKS = "https://hooks.slack.com/";

/** Only Slack's own host is called, or that of a test server named in the settings. */
export function createResponder(apiUrl: string | undefined): Respond {
  const own = apiUrl === undefined ? undefined : `${new URL(apiUrl).origin}/`;
  return async (url, words, blocks = []) => {
    if (!url.startsWith(SLACK_HOOKS) && !(own && url.startsWith(own))) return;
    const body = JSON.stringify({ response_type: "ephemeral", text: words, ...(blocks.length ? { blocks } : {}) });
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`response_url answered ${response.status}`);
  };
}
