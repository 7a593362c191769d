import type { Alert, RuleReport } from "../core/alert.ts";
import { type AlertPlan, ownerOfBroken, ruleWords } from "./rules.ts";

/** More alerts of one rule in a week are read by nobody. */
const MANY_A_WEEK = 5;
/** Below so few nothing can be said of a rule. */
const FEWEST = 4;
const MOSTLY = 0.5;

/**
 * How each rule did: the noisiest first. A rule is worth loosening when most of its alerts were expected or put off, or ended by themselves
 * before anybody said a word, or when there are too many to read.
 */
export function reportOf(alerts: readonly Alert[], plan: AlertPlan, problems: ReadonlyMap<string, string>, days: number): RuleReport[] {
  const byRule = Map.groupBy(alerts, ({ members }) => members[0]?.rule ?? "");
  const names = [...new Set([...plan.rules.map(({ name }) => name), ...byRule.keys()])];
  return names
    .map((name): RuleReport => {
      const own = byRule.get(name) ?? [];
      const count = (test: (alert: Alert) => boolean) => own.filter(test).length;
      const rule = plan.rules.find((one) => one.name === name);
      const figures = {
        alerts: own.length,
        acknowledged: count(({ acknowledged }) => acknowledged !== undefined),
        expected: count(({ state }) => state === "expected"),
        snoozed: count(({ snoozed }) => snoozed !== undefined),
        ignored: count(({ state, acknowledged, snoozed }) => state === "recovered" && !acknowledged && !snoozed),
        perWeek: (own.length / days) * 7,
      };
      const proposal = proposalFor(figures, rule);
      const problem = problems.get(name);
      return {
        name,
        words: rule ? ruleWords(rule) : wordsOfOutside(name),
        ...figures,
        ...(proposal ? { proposal } : {}),
        ...(problem ? { problem } : {}),
      };
    })
    .sort((a, b) => b.alerts - a.alerts || a.name.localeCompare(b.name));
}

/** What comes from a vendor; and what is told of a rule that cannot be judged. */
function wordsOfOutside(name: string): string {
  const rule = ownerOfBroken(name);
  return rule === undefined ? `from ${name}` : `that the rule ${rule} cannot be judged`;
}

type Figures = Pick<RuleReport, "alerts" | "expected" | "snoozed" | "ignored" | "perWeek">;

function proposalFor(
  { alerts, expected, snoozed, ignored, perWeek }: Figures,
  rule: AlertPlan["rules"][number] | undefined,
): string | undefined {
  if (alerts < FEWEST) return undefined;
  const how = loosened(rule);
  if ((expected + snoozed) / alerts >= MOSTLY) return `${expected + snoozed} of ${alerts} were expected or put off: ${how}.`;
  if (ignored / alerts > MOSTLY) return `${ignored} of ${alerts} ended before anybody said a word: ${how}.`;
  return perWeek > MANY_A_WEEK ? `${alerts} are more than anybody reads: ${how}.` : undefined;
}

function loosened(rule: AlertPlan["rules"][number] | undefined): string {
  if (!rule) return "raise the limit where they come from, or route fewer severities";
  switch (rule.kind) {
    case "anomaly":
      return `set chance to ${Math.min(0.999, 1 - (1 - rule.chance) / 4).toFixed(3)}, or least to twice what it is`;
    case "threshold":
    case "agent-errors":
      return `move the limit by a tenth${rule.above === undefined ? "" : `, to ${Number((rule.above * 1.1).toPrecision(3))}`}`;
    case "change":
      return `set change to ${Number(((rule.change ?? 0) * 1.5).toPrecision(2))}`;
    case "incidents":
      return "set severity to critical";
    case "pipelines":
      return `set for to ${(rule.for ?? 2) + 1}`;
    default:
      return "route it to fewer places";
  }
}
