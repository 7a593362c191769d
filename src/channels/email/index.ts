import { createHash } from "node:crypto";
import type { Delivery } from "../../core/channel.ts";
import type { CheckResult } from "../../core/integration.ts";
import type { ChartBlock, Reply } from "../../core/reply.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { isAllowed, readPlace, roomOf } from "./address.ts";
import { composeMail, type Picture } from "./compose.ts";
import { renderMail } from "./render.ts";
import { type EmailSettings, mailPlan } from "./settings.ts";
import { deliver, SMTP_LIMITS, type SmtpLimits, tryLogin } from "./smtp.ts";

type Needs = Pick<ChannelOptions, "renderPng" | "keepPlace" | "placeOf" | "now" | "onFault">;

const DAY_MS = 24 * 3_600_000;
/** Longer than any post is tried again. */
const SLOT_MS = 30 * DAY_MS;
const AGAIN_MS = 60_000;

/**
 * Mail: posts and nothing else, for nobody is heard here. SMTP has no way to look for an earlier mail, so what was tried is written down
 * first: the same key goes out again only where the server had surely not taken it. Throws ConfigError when the settings are no whole.
 */
export function createEmailChannel(settings: EmailSettings, options: Needs, limits: SmtpLimits = SMTP_LIMITS): CheckedChannel {
  const { server, from, allowed } = mailPlan(settings);
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  const { onFault } = options;

  async function send(conversation: string, reply: Reply, key: string): Promise<Delivery> {
    const place = readPlace(conversation);
    if (!place) return { state: "refused", reason: "that is no address" };
    if (!isAllowed(place.address, allowed)) return { state: "refused", reason: "MAIL_ALLOWED does not let mail go there any more" };
    const room = roomOf(place.address);
    const slot = `email-post:${room}:${key}`;
    const keep = (state: Delivery) => options.keepPlace(slot, state, new Date(options.now().getTime() + SLOT_MS));
    let mayHaveGone = false;
    try {
      const before = (await options.placeOf(slot)) as Delivery | null;
      if (before && before.state !== "refused") return before;
      const id = createHash("sha256").update(slot).digest("hex").slice(0, 32);
      const pictures = await picturesOf(reply);
      const mail = renderMail(reply, place.address, (chart) => pictures.get(chart)?.cid);
      const raw = await composeMail(mail, {
        ...{ from, to: place.address, id: idOf(id), date: options.now(), pictures: [...pictures.values()] },
        ...(place.before === undefined ? {} : { before: idOf(place.before) }),
      });
      const beforeEnd = async () => {
        await keep({ state: "ambiguous", reason: "an earlier mail of this may have arrived" });
        mayHaveGone = true;
      };
      const delivery = await deliver(server, { from: from.address, to: place.address, raw }, beforeEnd, limits);
      const told: Delivery = delivery.state === "sent" ? { state: "sent", id: idOf(id), thread: `${room};re=${id}` } : delivery;
      await keep(told);
      return told;
    } catch (error) {
      onFault(error);
      if (mayHaveGone) return { state: "ambiguous", reason: "the outcome could not be kept" };
      return { state: "refused", reason: "the mail could not be made", retryAfterMs: AGAIN_MS };
    }
  }

  const idOf = (id: string) => `<${id}@${domain}>`;

  /** A chart that cannot be drawn is told in its words. */
  async function picturesOf({ blocks = [] }: Reply): Promise<Map<ChartBlock, Picture>> {
    const pictures = new Map<ChartBlock, Picture>();
    for (const block of blocks) {
      if (block.type !== "chart") continue;
      const png = await options.renderPng(block.spec).catch(onFault);
      if (png) pictures.set(block, { cid: `chart${pictures.size + 1}@${domain}`, png });
    }
    return pictures;
  }

  return {
    name: "email",
    async start() {},
    send,
    async stop() {},
    check: () => check(server, allowed, limits),
  };
}

async function check(server: ReturnType<typeof mailPlan>["server"], allowed: readonly string[], limits: SmtpLimits): Promise<CheckResult> {
  const name = "email";
  try {
    await tryLogin(server, limits);
    return { name, state: "ok", message: `${server.host} takes our mail; it goes to ${allowed.join(", ")} alone` };
  } catch (error) {
    const isLogin = (error as { code?: string }).code === "EAUTH";
    return {
      name,
      state: "failed",
      message: isLogin ? `${server.host} refused our login` : `${server.host}:${server.port} does not answer as a mail server should`,
      fix: isLogin ? "Check user and password in SMTP_URL." : "Check SMTP_URL: smtp://HOST:587 with STARTTLS, smtps://HOST:465 without.",
    };
  }
}
