import type { z } from "zod";
import type { BriefSignals } from "../analytics/brief/rules.ts";
import type { Period, Receipt } from "../core/fact.ts";
import { formatDay, formatPeriod, previousPeriod } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import type { deliveryOutput } from "./delivery-report.ts";
import type { findAnomaliesOutput } from "./find-anomalies.ts";
import { readRecords } from "./record-question.ts";

export interface Gathered {
  signals: BriefSignals;
  receipts: Receipt[];
  /** Parts that were looked at, in words. */
  seen: string[];
  /** Parts that could not be, each with the reason. */
  missing: string[];
}

interface Part {
  name: string;
  gather(): Promise<Partial<BriefSignals> | undefined>;
}

/** Everything the brief looks at, each part by itself: one that fails is named and stops nothing else. */
export async function gatherSignals(period: Period, context: ToolContext): Promise<Gathered> {
  const gathered: Gathered = { signals: {}, receipts: [], seen: [], missing: [] };
  const parts = partsOf(period, context, gathered.receipts, gathered.missing);
  const settled = await Promise.allSettled(parts.map((part) => part.gather()));
  context.signal.throwIfAborted();
  const reasons = new Map<string, string[]>();
  for (const [i, result] of settled.entries()) {
    const name = parts[i]?.name ?? "";
    if (result.status === "rejected") {
      const reason = explainError(result.reason);
      reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
    } else if (result.value) {
      gathered.seen.push(name);
      Object.assign(gathered.signals, result.value);
    }
  }
  for (const [reason, names] of reasons) gathered.missing.push(`${listWords(names)}: ${reason}`);
  // Several parts look at the same thing.
  return { ...gathered, receipts: [...new Map(gathered.receipts.map((receipt) => [receipt.id, receipt])).values()] };
}

function partsOf(period: Period, context: ToolContext, receipts: Receipt[], missing: string[]): Part[] {
  const has = (kind: string) => context.feeds.some((feed) => feed.kind === kind);
  /** undefined when there is no such tool here, or what it reads is not connected; of a project it is said why there is nothing. */
  const run = async <T>(name: string, input: Record<string, unknown>): Promise<T | undefined> => {
    const tool = context.tools.find((t) => t.name === name);
    if (!tool) return undefined;
    let finding: Finding;
    try {
      finding = await tool.run(tool.input.parse(input), context);
    } catch (error) {
      if (error instanceof UserError && context.scope === undefined) return undefined;
      throw error;
    }
    receipts.push(...finding.receipts);
    return finding.data as T;
  };
  const count = async (kind: "incidents" | "pipelines", when: Period) => {
    const reading = await readRecords(kind, { period: when }, context, missing);
    receipts.push(...reading.receipts);
    // No source answered: that is no zero.
    return reading.sources.length === 0 ? undefined : reading.records;
  };
  return [
    {
      name: "costs",
      async gather() {
        if (!has("costs")) return undefined;
        const data = await run<Costs>("get_costs", { period, compare: "previous", by: "service", order: "change", top: 5 });
        const [total] = data?.totals ?? [];
        if (!data || total?.previous === undefined) return undefined;
        const movers = data.rows
          .filter((row) => row.unit === total.unit)
          .map((row) => ({ label: Object.values(row.labels).join(" · "), rise: row.value - (row.previous ?? 0) }))
          .filter(({ rise }) => rise > 0);
        return { costs: { unit: total.unit, total: total.value, previous: total.previous, movers } };
      },
    },
    {
      name: "AI usage",
      async gather() {
        if (!has("ai_usage")) return undefined;
        const [total] = (await run<Costs>("ai_usage", { period, compare: "previous" }))?.totals ?? [];
        if (total?.previous === undefined || !/^[A-Z]{3}$/.test(total.unit)) return undefined;
        return { ai: { unit: total.unit, total: total.value, previous: total.previous } };
      },
    },
    {
      name: "unusual days",
      async gather() {
        if (!has("costs")) return undefined;
        const data = await run<Anomalies>("find_anomalies", { feed: "costs", period });
        return data && { anomalies: anomaliesOf(data) };
      },
    },
    {
      name: "incidents",
      async gather() {
        if (!has("incidents")) return undefined;
        const [now, before] = await Promise.all([count("incidents", period), count("incidents", previousPeriod(period))]);
        if (!now || !before) return undefined;
        const open = now.filter(({ labels }) => labels.status !== "resolved");
        const openSevere = open.filter(({ labels }) => ["critical", "high"].includes(labels.severity ?? "")).length;
        return { incidents: { count: now.length, previous: before.length, open: open.length, openSevere } };
      },
    },
    {
      name: "delivery",
      async gather() {
        if (!has("pulls") && !has("deploys")) return undefined;
        const data = await run<Delivery>("delivery_metrics", { period });
        return (
          data && {
            delivery: {
              failureRate: data.now.changeFailureRate,
              pickupHours: data.now.pickupHours,
              pickupHoursBefore: data.before.pickupHours,
              leadHours: data.now.leadTimeHours,
              leadHoursBefore: data.before.leadTimeHours,
              aging: data.aging.length,
            },
          }
        );
      },
    },
    {
      name: "pipelines",
      async gather() {
        if (!has("pipelines")) return undefined;
        const ended = (await count("pipelines", period))?.filter(({ labels }) => ["success", "failure"].includes(labels.status ?? ""));
        if (!ended) return undefined;
        return { pipelines: { runs: ended.length, failed: ended.filter(({ labels }) => labels.status === "failure").length } };
      },
    },
    {
      name: "idle resources",
      async gather() {
        // What stands in the accounts is not told apart by project: of one project it would say what is everybody's.
        const data = context.scope === undefined ? await run<Inventory>("cloud_inventory", { finding: "idle" }) : undefined;
        if (!data) return undefined;
        const priced = data.resources.flatMap(({ name, monthly_saving: monthly, currency: unit }) =>
          monthly !== null && unit !== null ? [{ name, monthly, unit }] : [],
        );
        const [first] = priced.toSorted((a, b) => b.monthly - a.monthly);
        if (!first) return {};
        const same = priced.filter(({ unit }) => unit === first.unit);
        return {
          idle: { unit: first.unit, count: same.length, first: first.name, monthly: same.reduce((sum, { monthly }) => sum + monthly, 0) },
        };
      },
    },
  ];
}

interface Costs {
  totals: readonly { unit: string; value: number; previous?: number }[];
  rows: readonly { unit: string; labels: Record<string, string>; value: number; previous?: number }[];
}

type Delivery = z.output<typeof deliveryOutput>;

interface Inventory {
  resources: readonly { name: string; monthly_saving: number | null; currency: string | null }[];
}

type Anomalies = z.output<typeof findAnomaliesOutput>;

function anomaliesOf({ unit, anomalies, others = [] }: Anomalies) {
  const found = [{ unit, anomalies }, ...others].flatMap((own) => own.anomalies.map((anomaly) => ({ ...anomaly, unit: own.unit })));
  return found.map(({ series, from, to, days, excess, unit: of }) => ({
    label: series || "Everything",
    when: from === to ? `on ${formatDay(from)}` : `on ${days} days, ${formatPeriod({ from, to })}`,
    excess,
    unit: of,
  }));
}
