/** What the brief looks at. A part without a source is absent, and its rules are silent. Money is of one unit per amount. */
export interface BriefSignals {
  costs?: { unit: string; total: number; previous: number; movers: readonly { label: string; rise: number }[] };
  /** `when`: "on 5 October 2026". */
  anomalies?: readonly { label: string; when: string; excess: number; unit: string }[];
  incidents?: { count: number; previous: number; open: number; openSevere: number };
  delivery?: {
    failureRate: number | null;
    pickupHours: number | null;
    pickupHoursBefore: number | null;
    aging: number;
    leadHours: number | null;
    leadHoursBefore: number | null;
  };
  idle?: { unit: string; monthly: number; count: number; first: string };
  ai?: { unit: string; total: number; previous: number };
  pipelines?: { runs: number; failed: number };
}

export interface BriefItem {
  kind: "risk" | "opportunity";
  /** Names the rule. */
  rule: string;
  title: string;
  why: string;
  /** The next step. */
  action: string;
  /** The threshold that was passed, in words. */
  threshold: string;
  /** 0 to 100; orders items, and means nothing else. */
  weight: number;
}

type Rule = (signals: BriefSignals, words: BriefWords) => BriefItem | undefined;

/** How amounts are written; handed in, because the formatting of numbers is not the business of a rule. */
export interface BriefWords {
  amount(value: number, unit: string): string;
  percent(ratio: number): string;
  hours(hours: number): string;
}

/** Each rule's limits. They are stated in the brief beside what they found. */
export const BRIEF_LIMITS = {
  costRise: 0.1,
  costRiseMoney: 500,
  anomalyMoney: 100,
  incidentRise: 0.5,
  incidentMore: 3,
  fewIncidents: 20,
  failureRate: 0.15,
  pickupHours: 24,
  slower: 0.5,
  aging: 5,
  idleMoney: 100,
  aiRise: 0.25,
  aiMoney: 200,
  failedRuns: 0.2,
  leastRuns: 20,
} as const;

const L = BRIEF_LIMITS;

const severeIncidents: Rule = ({ incidents }) =>
  incidents && incidents.openSevere > 0
    ? {
        kind: "risk",
        rule: "severe-incidents",
        title: `${incidents.openSevere} severe incident${incidents.openSevere > 1 ? "s are" : " is"} open`,
        why: `${incidents.open} of ${incidents.count} incidents of the period are not resolved.`,
        action: "Open the incident list and name an owner for each.",
        threshold: "any open incident that is critical or high",
        weight: 95,
      }
    : undefined;

const moreIncidents: Rule = ({ incidents }, { percent }) => {
  if (!incidents) return undefined;
  const { count, previous } = incidents;
  if (count - previous < L.incidentMore || count < previous * (1 + L.incidentRise)) return undefined;
  return {
    kind: "risk",
    rule: "more-incidents",
    title: `Incidents rose from ${previous} to ${count}`,
    why: moreWords(count, previous, percent),
    action: "Line the incidents up with the deployments before them.",
    threshold: `at least ${L.incidentMore} more and ${percent(L.incidentRise)} more than before`,
    weight: 80,
  };
};

/** A percentage of a handful says more than there is to say. */
function moreWords(count: number, previous: number, percent: (share: number) => string): string {
  if (previous === 0) return "There was none in the period before.";
  return `${previous < L.fewIncidents ? count - previous : percent(count / previous - 1)} more than in the period before.`;
}

const costRise: Rule = ({ costs }, { amount, percent }) => {
  if (!costs || costs.previous <= 0) return undefined;
  const rise = costs.total - costs.previous;
  if (rise < L.costRiseMoney || rise / costs.previous < L.costRise) return undefined;
  const [mover] = costs.movers;
  return {
    kind: "risk",
    rule: "cost-rise",
    title: `Costs rose ${percent(rise / costs.previous)}, by ${amount(rise, costs.unit)}`,
    why: mover ? `${mover.label} alone rose by ${amount(mover.rise, costs.unit)}.` : "No single part explains it.",
    action: mover ? `Explain the change in ${mover.label}.` : "Explain the change in cost.",
    threshold: `more than ${percent(L.costRise)} and ${amount(L.costRiseMoney, costs.unit)} above the period before`,
    weight: 60 + Math.min(25, (rise / costs.previous) * 50),
  };
};

const costAnomaly: Rule = ({ anomalies = [] }, { amount }) => {
  const others = anomalies.length - 1;
  const [worst] = anomalies.filter(({ excess }) => excess >= L.anomalyMoney).toSorted((a, b) => b.excess - a.excess);
  return (
    worst && {
      kind: "risk",
      rule: "anomaly",
      title: `${worst.label} cost ${amount(worst.excess, worst.unit)} more than expected ${worst.when}`,
      why: `It lies outside the range its own past allows${others === 0 ? "" : `; so ${others === 1 ? "does" : "do"} ${others} more`}.`,
      action: `Look at ${worst.label} ${worst.when}; mark it as expected if it was planned.`,
      threshold: `an unusual day with at least ${amount(L.anomalyMoney, worst.unit)} too much`,
      weight: 70,
    }
  );
};

const failingChanges: Rule = ({ delivery }, { percent }) =>
  delivery && delivery.failureRate !== null && delivery.failureRate > L.failureRate
    ? {
        kind: "risk",
        rule: "failing-changes",
        title: `${percent(delivery.failureRate)} of deployments are followed by an incident`,
        why: "Each costs recovery time and trust.",
        action: "Look at the deployments before the latest incidents for what they share.",
        threshold: `a change failure rate above ${percent(L.failureRate)}`,
        weight: 65,
      }
    : undefined;

const failingPipelines: Rule = ({ pipelines }, { percent }) =>
  pipelines && pipelines.runs >= L.leastRuns && pipelines.failed / pipelines.runs > L.failedRuns
    ? {
        kind: "risk",
        rule: "failing-pipelines",
        title: `${percent(pipelines.failed / pipelines.runs)} of pipeline runs fail`,
        why: `${pipelines.failed} of ${pipelines.runs} runs of the period failed.`,
        action: "Rank the failures by workflow and mend or quarantine the first.",
        threshold: `more than ${percent(L.failedRuns)} of at least ${L.leastRuns} runs`,
        weight: 55,
      }
    : undefined;

const waitingReviews: Rule = ({ delivery }, { hours, percent }) => {
  const wait = delivery?.pickupHours ?? null;
  if (wait === null || !delivery) return undefined;
  const before = delivery.pickupHoursBefore;
  const slower = before !== null && before > 0 && wait / before - 1 >= L.slower && wait >= 4;
  if (wait < L.pickupHours && !slower) return undefined;
  return {
    kind: "opportunity",
    rule: "waiting-reviews",
    title: `Half of the pull requests wait ${hours(wait)} or more for a first review`,
    why: before === null ? "Waiting is time nobody works on the change." : `It was ${hours(before)} in the period before.`,
    action: "Agree on a review hour, and look at who reviews how much.",
    threshold: `a median wait of ${L.pickupHours} hours, or ${percent(L.slower)} longer than before`,
    weight: 60,
  };
};

const idleResources: Rule = ({ idle }, { amount }) =>
  idle && idle.monthly >= L.idleMoney
    ? {
        kind: "opportunity",
        rule: "idle-resources",
        title: `${amount(idle.monthly, idle.unit)} a month goes to ${idle.count} idle or oversized resources`,
        why: `The first is ${idle.first}.`,
        action: "Ask their owners, then stop or shrink them.",
        threshold: `at least ${amount(L.idleMoney, idle.unit)} a month`,
        weight: 50 + Math.min(30, idle.monthly / 200),
      }
    : undefined;

const agingWork: Rule = ({ delivery }) =>
  delivery && delivery.aging >= L.aging
    ? {
        kind: "opportunity",
        rule: "aging-work",
        title: `${delivery.aging} pull requests are older than 85 % of those that were finished`,
        why: "Old work is rarely finished without a decision.",
        action: "Close, split or finish each of them this week.",
        threshold: `at least ${L.aging} aging pull requests`,
        weight: 40,
      }
    : undefined;

const aiSpend: Rule = ({ ai }, { amount, percent }) => {
  if (!ai || ai.previous <= 0) return undefined;
  const rise = ai.total - ai.previous;
  if (rise < L.aiMoney || rise / ai.previous < L.aiRise) return undefined;
  return {
    kind: "opportunity",
    rule: "ai-spend",
    title: `AI spend rose ${percent(rise / ai.previous)}, to ${amount(ai.total, ai.unit)}`,
    why: `It was ${amount(ai.previous, ai.unit)} in the period before.`,
    action: "Split it by model and workspace; move what can be to a smaller model or a cache.",
    threshold: `more than ${percent(L.aiRise)} and ${amount(L.aiMoney, ai.unit)} above the period before`,
    weight: 45,
  };
};

const RULES: readonly Rule[] = [
  severeIncidents,
  moreIncidents,
  costAnomaly,
  failingChanges,
  costRise,
  failingPipelines,
  waitingReviews,
  idleResources,
  aiSpend,
  agingWork,
];

/** What the rules find, the weightiest first. The same signals give the same items in the same order. */
export function briefItems(signals: BriefSignals, words: BriefWords): BriefItem[] {
  return RULES.flatMap((rule) => rule(signals, words) ?? []).sort((a, b) => b.weight - a.weight || (a.rule < b.rule ? -1 : 1));
}
