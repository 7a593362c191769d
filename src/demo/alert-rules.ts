/** What the simulated company watches, as it would stand in its firstmate.yaml. */
export const DEMO_ALERTS = {
  alerts: [
    { name: "cost-by-service", kind: "anomaly", feed: "costs", by: "service", severity: "warning" },
    { name: "critical-incidents", kind: "incidents", severity: "critical" },
    { name: "failing-pipelines", kind: "pipelines", for: "4", severity: "warning" },
    { name: "stock-issues", kind: "anomaly", source: "stock", measure: "stock_issues", by: "kind", direction: "rise" },
    { name: "rebuffering", kind: "anomaly", source: "streaming", measure: "rebuffer_minutes", by: ["region", "device"], direction: "rise" },
  ],
} as const;
