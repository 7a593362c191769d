import type { Client } from "./client.ts";

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
