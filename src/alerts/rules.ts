import { z } from "zod";
import { SEVERITIES } from "../core/alert.ts";
import { isTimeZone } from "../core/civil-date.ts";
import { readEntries } from "../core/faults.ts";
import { FEED_KINDS } from "../core/feed.ts";
import { formatNumber } from "../core/format.ts";
import { closest, listWords } from "../core/text.ts";
import { ConfigError } from "../errors.ts";

/** What is watched and whom to tell, as it stands below `alerts:` and `alert_routes:` in firstmate.yaml. Every value may be a text. */

const number = z.coerce.number("must be a number");
const name = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, "must be lower-case letters, digits and dashes");
const place = z
  .string()
  .regex(/^(slack|teams|email):\S+$/, "must be a place, like slack:T0123:C0456, teams:19:…@thread.tacv2 or email:oncall@example.com");
const values = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());

/** "30m", "4h", "2d" → milliseconds. */
const duration = z
  .string()
  .regex(/^\d{1,4} ?[mhd]$/, "must be like 30m, 4h or 2d")
  .transform((text) => Number.parseInt(text, 10) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[text.at(-1) as "m" | "h" | "d"]);

export const RULE_KINDS = ["anomaly", "threshold", "change", "budget", "absence", "incidents", "pipelines", "agent-errors"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

const ruleSchema = z
  .strictObject({
    name,
    kind: z.enum(RULE_KINDS),
    title: z.string().max(80).optional(),
    /** Kind of the feed, or the name of one source. */
    feed: z.enum(FEED_KINDS).optional(),
    source: z.string().max(100).optional(),
    measure: z.string().max(100).optional(),
    by: values.optional(),
    filter: z.record(z.string(), values).optional(),
    above: number.optional(),
    below: number.optional(),
    /** Against the day or the same weekday before: 0.5 is half as much again, or half less. */
    change: number.positive().optional(),
    compare: z.enum(["day", "week"]).default("week"),
    /** Of a calendar month, in the unit of the measure. */
    budget: number.positive().optional(),
    /** Least excess that counts, in the unit of the measure. */
    least: number.min(0).optional(),
    /** How sure an anomaly must be. */
    chance: number.min(0.5).max(0.9999).default(0.98),
    direction: z.enum(["rise", "both"]).optional(),
    /** absence: days without data. pipelines: failures in a row. */
    for: number.int().min(1).max(60).optional(),
    branches: values.default(["main", "master"]),
    severity: z.enum(SEVERITIES).default("warning"),
    project: z.string().max(100).optional(),
    to: place.optional(),
  })
  .superRefine((rule, context) => {
    const needs: Partial<Record<RuleKind, readonly (keyof typeof rule)[]>> = { change: ["change"], budget: ["budget"] };
    for (const field of needs[rule.kind] ?? [])
      if (rule[field] === undefined)
        context.addIssue({ code: "custom", path: [field], message: `is needed by a rule of kind ${rule.kind}` });
    if (
      (rule.kind === "threshold" || rule.kind === "agent-errors") &&
      rule.above === undefined &&
      rule.below === undefined &&
      rule.kind === "threshold"
    )
      context.addIssue({ code: "custom", path: ["above"], message: "or below is needed by a rule of kind threshold" });
  });

const routeSchema = z.strictObject({
  to: place,
  severity: z
    .union([z.enum(SEVERITIES), z.array(z.enum(SEVERITIES))])
    .transform((value) => [value].flat())
    .optional(),
  rules: values.optional(),
  projects: values.optional(),
  /** Wall time in which it may ring: "mon-fri 08:00-18:00 Europe/Berlin". What is critical rings always. */
  hours: z
    .string()
    .transform((text, context) => parseHours(text, (message) => context.addIssue({ code: "custom", message })))
    .optional(),
  /** Where it goes when nobody has acknowledged it by then. */
  escalate: z.strictObject({ after: duration, to: place }).optional(),
});

export type AlertRule = z.output<typeof ruleSchema>;
export type AlertRoute = z.output<typeof routeSchema>;

export interface Hours {
  /** 1 is Monday. */
  days: readonly number[];
  /** Minutes of the day. */
  from: number;
  to: number;
  timeZone: string;
}

export interface AlertPlan {
  rules: readonly AlertRule[];
  routes: readonly AlertRoute[];
}

/** Reads both lists. Throws ConfigError with every problem. Nothing gives an empty plan. */
export function readPlan(given: { alerts?: unknown; alertRoutes?: unknown }): AlertPlan {
  const problems: string[] = [];
  const rules = readEntries("alerts", ruleSchema, given.alerts, problems).map(({ entry }) => entry);
  const routes = readEntries("alert_routes", routeSchema, given.alertRoutes, problems).map(({ entry }) => entry);
  const names = rules.map((rule) => rule.name);
  for (const twice of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    problems.push(`firstmate.yaml: alerts: two rules are called ${twice}.`);
  for (const wanted of routes.flatMap((route) => route.rules ?? []))
    if (!names.includes(wanted) && !OUTSIDE.test(wanted)) {
      const near = closest(wanted, names);
      problems.push(
        `firstmate.yaml: alert_routes: there is no rule “${wanted}”.${near ? ` Did you mean ${near}?` : ""} There is ${listWords(names) || "none"}.`,
      );
    }
  if (problems.length > 0) throw new ConfigError(problems);
  return { rules, routes };
}

/** What vendors see is no rule of ours; routes name it by its source. */
const OUTSIDE = /^(dynatrace|newrelic|alertmanager|github|sns|generic)$/;

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function parseHours(text: string, refuse: (message: string) => void): Hours {
  const match = /^(?:([a-z]{3})(?:-([a-z]{3}))? )?(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})(?: (\S+))?$/.exec(
    text
      .trim()
      .toLowerCase()
      .replace(/ (\S+)$/, (zone) => zone),
  );
  const zone = /(\S+\/\S+|UTC)$/i.exec(text.trim())?.[1] ?? "UTC";
  const first = match?.[1] ? DAYS.indexOf(match[1]) : 0;
  const last = match?.[2] ? DAYS.indexOf(match[2]) : match?.[1] ? first : 6;
  const [from, to] = [Number(match?.[3]) * 60 + Number(match?.[4]), Number(match?.[5]) * 60 + Number(match?.[6])];
  if (!match || first < 0 || last < first || !(from < to) || to > 1440) refuse("must be like “mon-fri 08:00-18:00 Europe/Berlin”");
  else if (!isTimeZone(zone)) refuse(`there is no time zone “${zone}”; use an IANA name such as Europe/Berlin`);
  return { days: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i + 1), from, to, timeZone: zone };
}

/** Under what the trouble of a rule itself is told; no rule can be called so. */
export function brokenName(rule: string): string {
  return `${rule}:rule`;
}

/** Whose trouble it is; undefined for any other name. */
export function ownerOfBroken(name: string): string | undefined {
  return /^(.+):rule$/.exec(name)?.[1];
}

/** The rule in one line, for lists. */
export function ruleWords(rule: AlertRule): string {
  const what =
    `${(rule.measure ?? rule.feed ?? rule.source ?? "").replaceAll("_", " ")}${rule.by?.length ? ` by ${rule.by.join(" and ")}` : ""}`.trim();
  const only = Object.entries(rule.filter ?? {}).map(([dimension, wanted]) => `${dimension} ${wanted.join(" or ")}`);
  const how: Readonly<Record<RuleKind, string>> = {
    anomaly: `${what} outside its normal range, at least ${Math.round(rule.chance * 1000) / 10} % sure`,
    threshold: `${what} ${[...(rule.above === undefined ? [] : [`above ${formatNumber(rule.above)}`]), ...(rule.below === undefined ? [] : [`below ${formatNumber(rule.below)}`])].join(" or ")}`,
    change: `${what} changed by ${Math.round((rule.change ?? 0) * 100)} % or more against the ${rule.compare === "day" ? "day" : "same weekday"} before`,
    budget: `${what} over ${formatNumber(rule.budget ?? 0)} in a month, or on its way there`,
    absence: `no ${what} for ${rule.for ?? DEFAULT_ABSENCE} days`,
    incidents: "incidents of connected monitoring",
    pipelines: `${rule.for ?? DEFAULT_FAILURES} failures in a row on ${rule.branches.join(" or ")}`,
    "agent-errors": `more than ${Math.round((rule.above ?? DEFAULT_ERRORS) * 100)} % errors of an AI agent in a day`,
  };
  return `${how[rule.kind]}${only.length ? `, only ${only.join(", ")}` : ""}${rule.least === undefined ? "" : `, from ${formatNumber(rule.least)}`} (${rule.severity})`;
}

export const DEFAULT_ABSENCE = 2;
export const DEFAULT_FAILURES = 2;
export const DEFAULT_ERRORS = 0.05;
