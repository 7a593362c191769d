import { Readable } from "node:stream";
import type { Delivery } from "../../core/channel.ts";
import { quoteForeign } from "../../errors.ts";
import type { MailServer } from "./settings.ts";

/** One mail over one connection (RFC 5321). Whether it was taken is only known from the answer to its last line. */

export interface Envelope {
  from: string;
  to: string;
  /** The whole message, with its headers. */
  raw: Buffer;
}

export interface SmtpLimits {
  /** For one step, and for all of them together; in milliseconds. */
  stepMs: number;
  wholeMs: number;
}

export const SMTP_LIMITS: SmtpLimits = { stepMs: 20_000, wholeMs: 35_000 };

const LATER_MS = { busy: 5 * 60_000, away: 60_000, login: 15 * 60_000 } as const;
/** The end of the message waits until it is written down that it goes out. */
const TAIL_BYTES = 2;

interface SmtpFault {
  responseCode?: number;
  response?: string;
  code?: string;
}

type Connection = import("nodemailer/lib/smtp-connection").default;

/**
 * Never throws for what the server does. `beforeEnd` is awaited before the last bytes leave: up to there nothing can have been taken, from
 * there on silence means that it may have been.
 */
export async function deliver(
  server: MailServer,
  { from, to, raw }: Envelope,
  beforeEnd: () => Promise<void>,
  limits: SmtpLimits,
): Promise<Delivery> {
  let ended = false;
  async function* parts() {
    yield raw.subarray(0, -TAIL_BYTES);
    await beforeEnd();
    ended = true;
    yield raw.subarray(-TAIL_BYTES);
  }
  try {
    return await withConnection(server, limits, async (connection, step) => {
      const envelope = { from, to: [to], size: raw.length };
      await step((done) => connection.send(envelope, Readable.from(parts(), { objectMode: false }), done));
      return { state: "sent", id: "" };
    });
  } catch (error) {
    return outcomeOf(error as SmtpFault, ended);
  }
}

/** Whether the server answers and takes our login. Rejects with its fault. */
export async function tryLogin(server: MailServer, limits: SmtpLimits): Promise<void> {
  await withConnection(server, limits, async () => {});
}

type Step = <T>(run: (done: (error?: Error | null, value?: T) => void) => void) => Promise<T | undefined>;

async function withConnection<T>(server: MailServer, limits: SmtpLimits, work: (connection: Connection, step: Step) => Promise<T>) {
  const { default: SmtpConnection } = await import("nodemailer/lib/smtp-connection");
  const { host, port, secure, requireTls, login } = server;
  const connection = new SmtpConnection({
    ...{ host, port, secure, requireTLS: requireTls, tls: { minVersion: "TLSv1.2" } },
    ...{ connectionTimeout: limits.stepMs, greetingTimeout: limits.stepMs, socketTimeout: limits.stepMs, dnsTimeout: limits.stepMs },
  });
  let timer: NodeJS.Timeout | undefined;
  const broken = new Promise<never>((_, reject) => {
    connection.on("error", reject);
    timer = setTimeout(() => reject(new Error("no answer in time")), limits.wholeMs);
  });
  broken.catch(() => undefined);
  const step: Step = (run) =>
    Promise.race([
      broken,
      new Promise<Parameters<Parameters<typeof run>[0]>[1]>((resolve, reject) => {
        run((error, value) => (error ? reject(error) : resolve(value)));
      }),
    ]);
  try {
    await step((done) => connection.connect(done));
    if (login) await step((done) => connection.login(login, done));
    return await work(connection, step);
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

function outcomeOf({ responseCode, response, code }: SmtpFault, ended: boolean): Delivery {
  const said = response ? ` (“${quoteForeign(response)}”)` : "";
  if (code === "EAUTH") return { state: "refused", reason: `the mail server refused our login${said}`, retryAfterMs: LATER_MS.login };
  if (code === "ETLS") return { state: "refused", reason: "the mail server offers no safe connection", retryAfterMs: LATER_MS.login };
  if (responseCode !== undefined && responseCode >= 500) return { state: "refused", reason: `the mail server refused it${said}` };
  if (responseCode) return { state: "refused", reason: `the mail server is busy${said}`, retryAfterMs: LATER_MS.busy };
  if (ended) return { state: "ambiguous", reason: "the mail server did not say whether it took the mail" };
  return { state: "refused", reason: "the mail server does not answer", retryAfterMs: LATER_MS.away };
}
