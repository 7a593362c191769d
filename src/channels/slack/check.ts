import type { CheckResult } from "../../core/integration.ts";
import { type Client, failureOf } from "./client.ts";

/** Whether the bot token works, for doctor. Never throws. */
export async function checkToken(client: Client, transport: string): Promise<CheckResult> {
  try {
    const { user = "bot", team = "a workspace" } = await client.auth.test();
    return { name: "slack", state: "ok", message: `${user} in ${team}, over ${transport}` };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== "refused")
      return { name: "slack", state: "failed", message: "Slack does not answer.", fix: "Check that this machine reaches slack.com." };
    return {
      name: "slack",
      state: "failed",
      message: `Slack refused the token (${failure.error}).`,
      fix: "Copy the bot token of the app again into SLACK_BOT_TOKEN, and reinstall the app if its scopes changed.",
    };
  }
}

/** Our own user id, asked once; "" while Slack does not say. */
export function createIdentity(client: Client): () => Promise<string> {
  let known: Promise<string> | undefined;
  return () => {
    known ??= client.auth.test().then(
      ({ user_id }) => user_id ?? "",
      () => {
        known = undefined;
        return "";
      },
    );
    return known;
  };
}
