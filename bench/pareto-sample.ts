import { pareto } from "../src/analytics/pareto.ts";
import type { ParetoChart } from "../src/charts/pareto-chart.ts";

const SERVICES = [
  "Amazon Elastic Compute Cloud",
  "Amazon Relational Database Service",
  "Amazon Simple Storage Service",
  "Amazon Bedrock",
  "Amazon CloudFront",
  "AmazonCloudWatch",
  "Elastic Load Balancing",
  "Amazon ElastiCache",
  "AWS Lambda",
  "Amazon DynamoDB",
  "Amazon Virtual Private Cloud",
  "Amazon OpenSearch Service",
  "AWS Key Management Service",
  "Amazon Elastic Kubernetes Service",
  "Amazon Managed Streaming for Apache Kafka",
  "AWS Config",
  "Amazon Route 53",
  "AWS CloudTrail",
  "Amazon Simple Queue Service",
  "AWS Secrets Manager",
];

/** Twenty services with other figures for each `seed`, so that no picture is drawn twice. */
export function paretoSample(seed: number): ParetoChart {
  const found = pareto(SERVICES.map((label, i) => ({ label, value: (48_230.17 + 13 * seed) * 0.74 ** i + 37 * (20 - i) })));
  return {
    title: `${found.itemsTo80} of ${found.n} services make up 80% of cost`,
    subject: "cost by service",
    unit: "USD",
    items: found.items,
    itemsTo80: found.itemsTo80,
    total: found.total,
  };
}
