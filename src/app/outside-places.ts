import type { EmailSettings } from "../channels/email/settings.ts";
import type { Config } from "../config/index.ts";
import type { DigestPlace } from "../core/digest.ts";
import { closest, listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

/** Places outside of chats by what people call them: "finance@example.com", "webhook:n8n". The function throws UserError for none. */
export async function outsidePlaces({ groups, alerts }: Pick<Config, "groups" | "alerts">): Promise<(name: string) => DigestPlace> {
  const { recipientRoom } = await import("../channels/email/recipient.ts");
  const { readHooks } = await import("../alerts/hooks.ts");
  const hooks = readHooks(alerts?.webhooks).map(({ name }) => name);
  return (name) => {
    const hook = /^webhook:(.*)$/i.exec(name)?.[1]?.toLowerCase();
    if (hook === undefined)
      return { channel: "email", conversation: recipientRoom(name, groups.get("email") as EmailSettings | undefined) };
    if (hooks.includes(hook)) return { channel: "webhook", conversation: `webhook:${hook}` };
    const near = closest(hook, hooks);
    throw new UserError(
      `There is no webhook “${hook}” below webhooks: in firstmate.yaml.${near ? ` Did you mean ${near}?` : ""}${hooks.length ? ` There is ${listWords(hooks)}.` : ""}`,
      { path: "place" },
    );
  };
}
