import { listWords } from "../../core/text.ts";
import { ConfigError, UserError } from "../../errors.ts";
import { isAddress, isAllowed, roomOf } from "./address.ts";
import { type EmailSettings, mailPlan } from "./settings.ts";

/** The conversation of an address that mail may go to. Throws UserError, which says why it may not; undefined settings: mail is off. */
export function recipientRoom(address: string, settings: EmailSettings | undefined): string {
  const path = "place";
  if (!isAddress(address)) throw new UserError(`“${address.slice(0, 80)}” is no mail address.`, { path });
  if (!settings)
    throw new UserError("E-mail is not set up here: it takes SMTP_URL, MAIL_FROM and MAIL_ALLOWED. A chat's channel works without.", {
      path,
    });
  const allowed = allowedOf(settings, path);
  if (isAllowed(address, allowed)) return roomOf(address);
  throw new UserError(
    `Mail may not go to ${address}: MAIL_ALLOWED has ${listWords(allowed)}. Who runs Firstmate can add the address or its domain.`,
    { path },
  );
}

function allowedOf(settings: EmailSettings, path: string): readonly string[] {
  try {
    return mailPlan(settings).allowed;
  } catch (error) {
    if (error instanceof ConfigError) throw new UserError(error.problems.join(" "), { path });
    throw error;
  }
}
