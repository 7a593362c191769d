import { z } from "zod";

/** The parts of Sentry's answers that are read. */

const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at));

const issue = z.object({
  id: z.string().min(1),
  shortId: z.string().nullish(),
  title: z.string(),
  level: z.string().nullish(),
  status: z.string(),
  type: z.string().nullish(),
  platform: z.string().nullish(),
  project: z.object({ slug: z.string() }),
  /** Events since the beginning, as text. */
  count: z.coerce.number().nullish(),
  userCount: z.number().nullish(),
  firstSeen: instant,
  lastSeen: instant,
  permalink: z
    .url({ protocol: /^https$/ })
    .nullish()
    .catch(undefined),
});
export type Issue = z.output<typeof issue>;

export const issuesPage = z.array(issue);
export const organisation = z.object({ slug: z.string(), name: z.string() });
