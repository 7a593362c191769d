import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commitLeadTime } from "../../src/analytics/delivery/lead-time.ts";
import type { Measurement } from "./score.ts";

interface Oracle {
  deployments: number;
  span_days: number;
  deployments_per_week: number;
  median_lead_time_hours_author: number;
  median_lead_time_hours_commit: number;
  "hotfix_rate(proxy CFR)": number;
}

/** Delivery figures of a real git history beside figures computed from it independently. */
export const measureDelivery: Measurement = async (folder) => {
  const path = (name: string) => join(folder, "delivery", "git-history", name);
  if (!existsSync(path("expected.json"))) return undefined;
  const expected = JSON.parse(readFileSync(path("expected.json"), "utf8")) as Oracle;
  const changes = rows(path("changes.csv"));
  const deployments = rows(path("deployments.csv"));
  const lead = (column: string) => commitLeadTime(changes.map((row) => ({ seconds: Number(row[column]) }))) ?? Number.NaN;
  const times = deployments.map((row) => Number(row.deployed_at_unix));
  const weeks = (Math.max(...times) - Math.min(...times)) / (7 * 86_400);
  const hotfixes = deployments.filter((row) => row.hotfix_within_7d === "1").length;
  const oracle = (value: number) => ({ who: "the oracle", value });
  return [
    {
      name: "git history",
      metric: "lead time from author, hours",
      ours: lead("lead_from_author_s"),
      published: oracle(expected.median_lead_time_hours_author),
    },
    {
      name: "git history",
      metric: "lead time from commit, hours",
      ours: lead("lead_from_commit_s"),
      published: oracle(expected.median_lead_time_hours_commit),
    },
    {
      name: "git history",
      metric: "deployments a week",
      ours: (deployments.length - 1) / weeks,
      published: oracle(expected.deployments_per_week),
    },
    {
      name: "git history",
      metric: "hotfix rate",
      ours: hotfixes / deployments.length,
      published: oracle(expected["hotfix_rate(proxy CFR)"]),
    },
  ];
};

function rows(path: string): Record<string, string>[] {
  const [header = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i]?.trim() ?? "", cell.trim()])));
}
