/** What people say for a change of digests. Anything else is a question, or for a model to read. */
export interface DigestWish {
  action: "add" | "move" | "pause" | "resume" | "remove";
  /** As it was said: "cost". */
  digest: string;
  schedule?: string;
}

const NAME = "(?:the |our |a |an |this )?(?:daily |weekly |cloud )?([\\w-]{1,40}(?: usage)?)";
const KIND = "(?:digest|report|summary)";
const US = "(?:me|us|this channel|everyone here|the channel)";
/** How a time that comes again begins. */
const WHEN = "((?:every|each|daily|weekly|on (?:week|mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays)\\b.{0,200})";

const WISHES: readonly [RegExp, DigestWish["action"]][] = [
  [said(`(?:move|reschedule) ${NAME} digest to (.{1,200})`), "move"],
  [said(`(?:pause|stop|mute|silence) (?:sending )?${NAME} digests?(?: for now| please)?`), "pause"],
  [said(`(?:resume|restart|unpause|continue|unmute) ${NAME} digests?`), "resume"],
  [said(`(?:remove|delete|cancel|unsubscribe(?: ${US})? from) ${NAME} digests?`), "remove"],
  [said(`subscribe(?: ${US})? to ${NAME} digest(?: ${WHEN})?`), "add"],
  [said(`(?:send|post|mail|give)(?: ${US})? ${NAME} ${KIND}(?: here)? ${WHEN}`), "add"],
];

const TELL = `(?:remind|tell|update|inform|brief|notify|send|message)(?: ${US})`;
const ABOUT = "(?:about|on|of|with|regarding) (?:the |our |all )?(.{1,60}?)";
const TOLD_WHEN = said(`${TELL} ${WHEN} ${ABOUT}`);
const TOLD_ABOUT = said(`${TELL} ${ABOUT} ${WHEN}`);

/** The digest that tells of it. */
const TOPICS: readonly [RegExp, string][] = [
  [/\b(?:ai|llm|copilot|tokens?)\b/i, "ai-usage"],
  [/\b(?:costs?|spend|spending|bills?)\b/i, "cost"],
  [/\b(?:deliver(?:y|ies)|deployments?|dora|lead times?)\b/i, "delivery"],
  [/\b(?:health|incidents?|outages?|errors?)\b/i, "health"],
];

/** "pause the cost digest", "remind me every Monday about cloud costs"; undefined for whatever asks for no change. */
export function digestFromWords(words: string): DigestWish | undefined {
  const line = words.trim();
  for (const [pattern, action] of WISHES) {
    const [, named, schedule] = pattern.exec(line) ?? [];
    if (named)
      return wish(
        action,
        named
          .toLowerCase()
          .replaceAll(" ", "-")
          .replace(/^costs$/, "cost"),
        schedule,
      );
  }
  const [, when, topic] = TOLD_WHEN.exec(line) ?? [];
  const [, subject = topic ?? "", time = when] = TOLD_ABOUT.exec(line) ?? [];
  const digest = TOPICS.find(([pattern]) => pattern.test(subject))?.[1];
  return digest === undefined ? undefined : wish("add", digest, time);
}

function wish(action: DigestWish["action"], digest: string, schedule: string | undefined): DigestWish {
  return { action, digest, ...(schedule ? { schedule: schedule.replace(/[.!?]+$/, "") } : {}) };
}

function said(pattern: string): RegExp {
  return new RegExp(`^(?:please |can you |could you |kindly )?${pattern}[.!?]*$`, "i");
}
