import { z } from "zod";
import { quoteForeign } from "../../errors.ts";
import { textOf } from "./adf.ts";

/** What we read of Jira's answers, no more. Words of people come in as one harmless line. */

const words = z.string().transform(quoteForeign);
const named = z.object({ name: words });
const person = z.object({ accountId: z.string().optional(), displayName: words });
const TEXT_LIMIT = 4_000;

/** "2026-11-20T09:15:00.000+0000"; the agile API writes Z, the bulk changelog writes milliseconds or, in its reference, seconds. */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const isDated = typeof value === "number" || /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
  const at = new Date(typeof value === "number" ? (value < 1e11 ? value * 1_000 : value) : value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (isDated && !Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: "custom", message: "expected a date" });
  return z.NEVER;
});

export const issueNode = z.object({
  id: z.string().regex(/^\d+$/),
  key: z.string().regex(/^[A-Z][A-Z0-9_]*-\d+$/),
  fields: z.looseObject({
    summary: words,
    description: z.unknown().transform((body) => textOf(body).slice(0, TEXT_LIMIT)),
    project: z.object({ key: words, name: words }),
    issuetype: z.object({ name: words, subtask: z.boolean(), hierarchyLevel: z.int().nullish() }),
    status: z.object({ id: z.string(), name: words, statusCategory: z.object({ key: z.string() }).optional() }),
    priority: named.nullish(),
    assignee: person.nullish(),
    reporter: person.nullish(),
    components: z.array(named).nullish(),
    resolution: named.nullish(),
    created: instant,
    updated: instant,
    resolutiondate: instant.nullish(),
    duedate: z.iso.date().nullish(),
    timespent: z.number().nullish(),
    timeoriginalestimate: z.number().nullish(),
    parent: z
      .object({
        key: words,
        fields: z.object({ summary: words, issuetype: z.object({ name: words, hierarchyLevel: z.int().nullish() }) }).optional(),
      })
      .nullish(),
  }),
});
export type IssueNode = z.output<typeof issueNode>;

/** Always asked for; the custom fields come on top. */
export const ISSUE_FIELDS = Object.keys(issueNode.shape.fields.shape);

export const searchAnswer = z.object({ issues: z.array(issueNode), nextPageToken: z.string().nullish(), isLast: z.boolean().optional() });
export const countAnswer = z.object({ count: z.int() });

const changeItem = z.object({
  field: z.string().optional(),
  fieldId: z.string().optional(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  fromString: words.nullish(),
});
export const changelogAnswer = z.object({
  issueChangeLogs: z
    .array(z.object({ issueId: z.string(), changeHistories: z.array(z.object({ created: instant, items: z.array(changeItem) })) }))
    .nullish()
    .transform((list) => list ?? []),
  nextPageToken: z.string().nullish(),
});
export type ChangeItem = z.output<typeof changeItem>;
export type IssueLog = z.output<typeof changelogAnswer>["issueChangeLogs"][number];

export const worklogAnswer = z.object({
  startAt: z.int(),
  total: z.int(),
  worklogs: z.array(z.object({ author: person.nullish(), timeSpentSeconds: z.number(), started: instant })),
});

export type Worklog = z.output<typeof worklogAnswer>["worklogs"][number];

const key = z.string().regex(/^[A-Z][A-Z0-9_]*-\d+$/);
export const createdAnswer = z.object({ id: z.string(), key });
export const commentedAnswer = z.object({ id: z.string() });
export const summaryAnswer = z.object({ key, fields: z.object({ summary: words }) });

export const myselfAnswer = z.object({ accountId: z.string(), displayName: words, timeZone: z.string().nullish() });
export const serverInfoAnswer = z.object({
  baseUrl: z.string().transform((text) => (/^https:\/\/[\w.-]+(?::\d+)?\/?$/.test(text) ? text.replace(/\/$/, "") : undefined)),
});
export const fieldsAnswer = z.array(
  z.object({ id: z.string(), name: words, schema: z.object({ type: z.string(), custom: z.string().nullish() }).nullish() }),
);
export const statusesAnswer = z.array(z.object({ id: z.string(), name: words, statusCategory: z.object({ key: z.string() }) }));
export const typesAnswer = z.array(z.object({ name: words }));
export const usersAnswer = z.array(z.object({ accountId: z.string(), displayName: words, active: z.boolean().nullish() }));
export const projectsAnswer = z.object({
  startAt: z.int(),
  isLast: z.boolean().nullish(),
  total: z.int().nullish(),
  values: z.array(z.object({ id: z.string(), key: z.string().regex(/^[A-Z][A-Z0-9_]*$/), name: words })),
});

export const boardsAnswer = z.object({
  startAt: z.int(),
  isLast: z.boolean(),
  total: z.int().nullish(),
  values: z.array(
    z.object({ id: z.int(), name: words, location: z.object({ projectKey: words.optional(), displayName: words.optional() }).nullish() }),
  ),
});
export type BoardNode = z.output<typeof boardsAnswer>["values"][number];
export const sprintsAnswer = z.object({
  startAt: z.int(),
  isLast: z.boolean(),
  values: z.array(
    z.object({
      id: z.int(),
      name: words,
      state: z.enum(["future", "active", "closed"]),
      goal: words.nullish(),
      originBoardId: z.int().nullish(),
      startDate: instant.nullish(),
      activatedDate: instant.nullish(),
      endDate: instant.nullish(),
      completeDate: instant.nullish(),
    }),
  ),
});
export type SprintNode = z.output<typeof sprintsAnswer>["values"][number];
