/** What the simulated company watches, as it would stand in its firstmate.yaml. */
export const DEMO_ALERTS = {
  alerts: [
    { name: "cost-by-service", kind: "anomaly", feed: "costs", by: "service", severity: "warning" },
    // Set before extended support made every database dearer.
    { name: "cloud-budget", kind: "budget", feed: "costs", budget: "109000" },
    { name: "incidents", kind: "incidents", severity: "critical" },
    { name: "failing-pipelines", kind: "pipelines", for: "2", severity: "warning" },
    { name: "stock-issues", kind: "anomaly", source: "stock", measure: "stock_issues", direction: "rise", chance: "0.99", least: "8" },
    {
      name: "rebuffering",
      kind: "anomaly",
      source: "streaming",
      measure: "rebuffer_minutes",
      by: ["region", "device"],
      direction: "rise",
      chance: "0.99",
      least: "500",
    },
  ],
} as const;
