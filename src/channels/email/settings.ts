import { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { type Address, isAddress, isDomain, readSender } from "./address.ts";

export const emailSettings = z.object({
  SMTP_URL: z
    .string()
    .refine((text) => /^smtps?:\/\/[^/?#]+\/?$/.test(text) && URL.canParse(text), "is not like smtp://USER:PASSWORD@HOST:587")
    .optional()
    .describe(
      "Mail server that digests and alerts go through: smtp://USER:PASSWORD@HOST:587 (a password is only sent after STARTTLS) or smtps://HOST:465.",
    )
    .meta({ secret: true }),
  MAIL_FROM: z
    .string()
    .refine((text) => readSender(text) !== undefined, "is not like Firstmate <firstmate@example.com>")
    .optional()
    .describe("Whom mail comes from: Firstmate <firstmate@example.com>."),
  MAIL_ALLOWED: z
    .string()
    .refine((text) => listed(text).length > 0 && listed(text).every((one) => isDomain(one) || isAddress(one)), {
      message: "must be domains or addresses, comma separated",
    })
    .optional()
    .describe("Who may get mail: domains and addresses, comma separated (example.com, cfo@example.org). Nobody else does."),
});

export type EmailSettings = z.output<typeof emailSettings>;

export interface MailPlan {
  server: MailServer;
  from: Address;
  /** Lower case. */
  allowed: readonly string[];
}

export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** A password goes over nothing else, but on this machine. */
  requireTls: boolean;
  login?: { user: string; pass: string };
}

/** The settings as a whole. Throws ConfigError when some are missing: mail to nobody in particular is mail to everybody. */
export function mailPlan({ SMTP_URL, MAIL_FROM, MAIL_ALLOWED }: EmailSettings): MailPlan {
  const from = readSender(MAIL_FROM ?? "");
  if (SMTP_URL === undefined || from === undefined || MAIL_ALLOWED === undefined) {
    const missing = Object.entries({ SMTP_URL, MAIL_FROM, MAIL_ALLOWED }).flatMap(([name, value]) => (value === undefined ? [name] : []));
    throw new ConfigError([
      `E-mail is half set up: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing. Set all three, or none.`,
    ]);
  }
  return { server: serverOf(SMTP_URL), from, allowed: listed(MAIL_ALLOWED) };
}

const PORTS = { "smtp:": 587, "smtps:": 465 } as const;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function serverOf(text: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === "smtps:";
  const login = username === "" ? {} : { login: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || PORTS[secure ? "smtps:" : "smtp:"],
    secure,
    requireTls: !secure && username !== "" && !LOOPBACK.test(hostname),
    ...login,
  };
}

function listed(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim().toLowerCase())
    .filter(Boolean);
}
