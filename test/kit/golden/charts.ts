import { barChart } from "../../../src/charts/bar-chart.ts";
import { paretoChart } from "../../../src/charts/pareto-chart.ts";
import { timeChart } from "../../../src/charts/time-chart.ts";
import type { ChartBlock } from "../../../src/core/reply.ts";
import { HOSTILE_LABELS, paretoInput, SERVICES, serviceCosts } from "../../charts/samples.ts";

/** One chart of every kind our tools draw. */

export const PARETO: ChartBlock = { ...paretoChart(paretoInput(SERVICES, serviceCosts(), "6 of 20 services make 80%")) };
const day = (i: number) => new Date(Date.UTC(2026, 9, 1 + i)).toISOString().slice(0, 10);
const daily = (count: number, value: (i: number) => number | null) =>
  Array.from({ length: count }, (_, i) => ({ at: day(i), value: value(i) }));

export const CHARTS = {
  "simple bars": barChart({
    title: "Compute costs most: $34.8k of $107.9k",
    unit: "USD",
    subject: "cost by service",
    items: ["Compute", "Database", "Storage", "Network", "Monitoring"].map((label, i) => ({ label, value: 34_788.019999 * 0.6 ** i })),
  }),
  "bars of long names": barChart({
    title: "The ten dearest services make 93% of cost",
    unit: "USD",
    items: SERVICES.slice(0, 10).map((label, i) => ({ label, value: serviceCosts()[i] ?? 0 })),
  }),
  "bars beside those of last month": barChart({
    title: "Three teams deploy more than in September",
    unit: "count",
    subject: "deploys by team",
    previousName: "September 2026",
    items: ["api", "web", "data", "mobile"].map((label, i) => ({ label, value: 40 - 9 * i, previous: i === 3 ? null : 30 - 5 * i })),
  }),
  "bars below zero": barChart({
    title: "Credits took $1,200 off storage",
    unit: "USD",
    items: [
      { label: "Compute", value: 3_400 },
      { label: "Storage", value: -1_200 },
    ],
  }),
  "bars of shares": barChart({
    title: "Cache hits fell to 62% in one region",
    unit: "ratio",
    items: [
      { label: "eu-west-1", value: 0.918 },
      { label: "us-east-1", value: 0.62 },
    ],
  }),
  "bars of hours": barChart({
    title: "Reviews wait longest in the platform team",
    unit: "ms",
    items: ["platform", "web", "data"].map((label, i) => ({ label, value: (9 - 3 * i) * 3_600_000 })),
  }),
  "bars of hostile names": barChart({
    title: "Names from outside",
    unit: "count",
    items: HOSTILE_LABELS.map((label, i) => ({ label, value: i + 1 })),
  }),
  "a line": timeChart({
    title: "Cost held at about $3.4k a day in October",
    unit: "USD",
    grain: "day",
    series: [{ name: "cost", points: daily(31, (i) => 3_400 + 400 * Math.sin(i)) }],
  }),
  "lines of three teams": timeChart({
    title: "Lead time fell in two of three teams",
    unit: "ms",
    grain: "week",
    series: ["api", "web", "data"].map((name, n) => ({
      name,
      points: Array.from({ length: 8 }, (_, i) => ({ at: day(7 * i), value: (40 - 3 * i + 9 * n) * 3_600_000 })),
    })),
  }),
  "a line with gaps": timeChart({
    title: "No figures came on four days",
    unit: "USD",
    grain: "day",
    series: [{ name: "cost", points: daily(20, (i) => (i > 7 && i < 12 ? null : 3_000 + 90 * i)) }],
  }),
  "a line below zero": timeChart({
    title: "Margin was below zero until Thursday",
    unit: "USD",
    grain: "day",
    series: [{ name: "margin", points: daily(8, (i) => 700 * i - 2_400) }],
  }),
  "more points than a card holds": timeChart({
    title: "Two years, day by day, of five teams",
    unit: "USD",
    grain: "day",
    series: ["api", "web", "data", "mobile", "ops"].map((name, n) => ({ name, points: daily(730, (i) => 100 * n + i) })),
  }),
  "a Pareto": PARETO,
} satisfies Readonly<Record<string, ChartBlock>>;
