import type { ParetoChart, ParetoItem } from "../../src/charts/pareto-chart.ts";
import type { ChartBlock } from "../../src/core/reply.ts";

export const SERVICES = [
  "Amazon Elastic Compute Cloud - Compute",
  "Amazon Relational Database Service",
  "Amazon Simple Storage Service",
  "EC2 - Other",
  "Amazon CloudFront",
  "AmazonCloudWatch",
  "Amazon Elastic Load Balancing",
  "Amazon ElastiCache",
  "AWS Lambda",
  "Amazon DynamoDB",
  "Amazon Virtual Private Cloud",
  "Amazon OpenSearch Service",
  "AWS Key Management Service",
  "Amazon Elastic Container Service for Kubernetes",
  "Amazon Managed Streaming for Apache Kafka",
  "AWS Config",
  "Amazon Route 53",
  "AWS CloudTrail",
  "Amazon Simple Queue Service",
  "AWS Secrets Manager",
];

export const HOSTILE_LABELS = [
  "<script>alert(1)</script>",
  `"quotes" & 'apostrophes'`,
  "datum.value + signal('theme')",
  "https://evil.example/x.png",
  "x".repeat(300),
  "\u202egnp.exe",
  "שירות אחסון",
  "عربي",
  "🚀 rocket 👩‍👩‍👧‍👦",
  "日本語のサービス",
  "bell\u0007 null\u0000 half\ud800",
  "",
  "  ",
  "__proto__",
  "line\nbreak",
];

/** A Pareto chart's input, the figures worked out from labels and values. */
export function paretoInput(labels: readonly string[], values: readonly number[], title = "A few make most"): ParetoChart {
  const total = values.reduce((sum, value) => sum + value, 0);
  let running = 0;
  const items = labels.map((label, i): ParetoItem => {
    const value = values[i] ?? 0;
    running += value;
    return { label, value, share: value / total, cumulativeShare: running / total };
  });
  return { title, unit: "USD", items, total, itemsTo80: items.findIndex((item) => item.cumulativeShare >= 0.8 - 1e-12) + 1 };
}

export function serviceCosts(seed = 0): number[] {
  return SERVICES.map((_, i) => (48_230.17 + seed) * 0.74 ** i + 37 * (20 - i));
}

export function rowsOf(chart: ChartBlock, dataset: string): Record<string, unknown>[] {
  return (chart.spec.datasets as Record<string, Record<string, unknown>[]>)[dataset] ?? [];
}

export function paramOf(chart: ChartBlock, name: string): unknown {
  return (chart.spec.params as { name: string; value: unknown }[]).find((param) => param.name === name)?.value;
}
