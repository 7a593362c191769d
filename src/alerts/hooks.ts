import { z } from "zod";
import { readEntries } from "../core/faults.ts";
import { ConfigError } from "../errors.ts";

/** Where our own events go, as it stands below `webhooks:` in firstmate.yaml. */
const hookSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and dashes"),
  url: z.url({ protocol: /^https?$/, message: "must be an http address" }).max(2_000),
  /** Signs each event; "whsec_" and base64, or any text. */
  secret: z.string().min(16, "must have 16 characters or more"),
  /** "alert.firing.v1", or "alert.firing" for any version; all of them without it. */
  events: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((value) => [value].flat())
    .optional(),
});

export type OutgoingHook = z.output<typeof hookSchema>;

export const EVENTS = [
  "alert.firing.v1",
  "alert.acknowledged.v1",
  "alert.snoozed.v1",
  "alert.expected.v1",
  "alert.recovered.v1",
  "digest.sent.v1",
] as const;

/** Throws ConfigError with every problem. */
export function readHooks(content: unknown): OutgoingHook[] {
  const problems: string[] = [];
  const hooks = readEntries("webhooks", hookSchema, content, problems).map(({ entry }) => entry);
  const names = hooks.map(({ name }) => name);
  for (const twice of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    problems.push(`firstmate.yaml: webhooks: two are called ${twice}.`);
  for (const { name, events = [] } of hooks)
    for (const event of events)
      if (!EVENTS.some((known) => known === event || known.replace(/\.v\d+$/, "") === event))
        problems.push(`firstmate.yaml: webhooks: ${name} wants “${event}”. There is ${EVENTS.join(", ")}.`);
  if (problems.length > 0) throw new ConfigError(problems);
  return hooks;
}
