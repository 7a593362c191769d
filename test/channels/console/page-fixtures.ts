import type { Wire } from "../../../src/channels/console/wire.ts";
import type { Alert, AlertMember } from "../../../src/core/alert.ts";

/** What the API gives the pages, by "METHOD /path". */
const TABLE = {
  type: "table",
  title: "Cost by service",
  columns: [
    { label: "service", type: "text" },
    { label: "cost", type: "money", unit: "USD" },
  ],
  rows: [
    ["Amazon EC2", 1200.5],
    ["Amazon S3", null],
  ],
};

const CHART = {
  type: "chart",
  title: "Cost per day",
  spec: { mark: "line" },
  alt: "Cost rises to 12 dollars.",
  proof: "expires=1&signature=s",
  plain: { kind: "line", unit: "USD", categories: ["1 Nov", "2 Nov"], series: [{ name: "cost", values: [10, null] }] },
};

const RECEIPT = {
  id: "bill-1",
  source: "bill",
  query: "sum of cost",
  fetchedAt: "2026-11-21T09:00:00Z",
  status: "live",
  window: { from: "2026-11-01", to: "2026-11-20" },
};

export function finding(text: string, parts: object = {}) {
  return { content: text, data: null, blocks: [{ type: "markdown", text }], facts: [], receipts: [], suggestions: [], ...parts };
}

const ALERTS: Partial<Wire<Alert> & { signs: number }>[] = [
  { id: "3f2a9c1b", title: "Cost of Amazon S3 is high", state: "firing", severity: "critical", openedAt: "2026-11-20T09:00:00Z", signs: 2 },
  { id: "77aa11bb", title: "web-app fails", state: "acknowledged", severity: "warning", openedAt: "2026-11-19T09:00:00Z", signs: 1 },
];

const SHOWN = finding("**Critical: Cost of Amazon S3 is high**", {
  blocks: [
    { type: "markdown", text: "**Critical: Cost of Amazon S3 is high**" },
    CHART,
    {
      type: "table",
      title: "History",
      columns: ["when", "what", "who", "note"].map((label) => ({ label, type: "text" })),
      rows: [["20 November 2026, 09:00 UTC", "opened", "", ""]],
    },
  ],
  receipts: [RECEIPT],
  suggestions: ["/alerts acknowledge 3f2a9c1b"],
});

const FIRING: Pick<Wire<AlertMember>, "rule" | "series" | "title" | "since" | "figure">[] = [
  {
    rule: "cost-by-service",
    series: "Amazon S3",
    title: "cost of Amazon S3",
    since: "2026-11-20T00:00:00Z",
    figure: { measure: "cost", unit: "USD", from: "2026-11-18", to: "2026-11-20", actual: 412.1, low: 120, high: 180 },
  },
];

const FIGURES = {
  messages: 40,
  responses: 38,
  errors: 2,
  averageResponseTimeMs: 812.4,
  tokens: 12_000,
  averageFeedback: null,
  mostUsersADay: 4,
  cost: 1.25,
};

export const REPLIES: Readonly<Record<string, unknown>> = {
  "GET /api/v1/scopes": [
    { id: "p1", name: "Atlas", budget: { amount: 30_000, currency: "USD", period: "month" } },
    { id: "p2", name: "Beacon" },
  ],
  "GET /api/v1/digests": {
    digests: [{ name: "cost", title: "Cloud cost", summary: "What yesterday cost.", schedule: "every day at 9:00" }],
    subscriptions: [
      {
        id: "d1",
        digest: "cost",
        words: "Cloud cost, every weekday at 09:00 Europe/Berlin",
        channel: "slack",
        conversation: "slack:T1:C1",
        schedule: "0 9 * * 1-5",
        timeZone: "Europe/Berlin",
        paused: false,
        next: "2026-11-23T08:00:00Z",
        last: { slot: "2026-11-20T09:00", state: "sent", error: null },
      },
    ],
  },
  "POST /api/v1/tools/digests": finding("**Cloud cost: $3,842**", {
    blocks: [{ type: "markdown", text: "**Cloud cost: $3,842**" }, CHART, TABLE],
    receipts: [RECEIPT],
  }),
  "POST /api/v1/tools/alerts": ({ command }: { command: string }) => {
    if (command.startsWith("show")) return SHOWN;
    if (command === "noise")
      return finding("**2 alerts in the last 28 days**, of 1 rule.", {
        data: { alerts: [], rules: [{ name: "cost-by-service", alerts: 2, perWeek: 0.5 }] },
      });
    if (command === "learned") return finding("Nothing is marked as expected or snoozed.");
    return finding("**2 alerts are open**.", { data: { alerts: ALERTS.map((alert) => ({ endedAt: null, ...alert })) } });
  },
  "GET /api/v1/alerts/preview": {
    at: "2026-11-21T09:00:00Z",
    firing: FIRING,
    problems: [{ rule: "stock", message: "Its source is not connected." }],
  },
  "POST /api/v1/tools/agent_metrics": ({ filter }: { filter?: object }) =>
    finding("**1 AI agent** (support-bot) answered **38 times**.", {
      data: { agents: [{ name: "support-bot", ...FIGURES }], days: filter ? [{ name: "2026-11-20", ...FIGURES }] : [] },
      receipts: [RECEIPT],
    }),
  "GET /api/v1/budgets": {
    model: { name: "model", state: "off", message: "The deterministic agent answers", fix: "Set ANTHROPIC_API_KEY." },
    from: "2026-11-21T00:00:00Z",
    until: "2026-11-22T00:00:00Z",
    scopes: [
      { scope: "day", name: "All answers", tokens: { used: 4_200_000, limit: 5_000_000 }, usd: { used: 12.5, limit: 10 } },
      { scope: "user", name: "Answers to you", tokens: { used: 0, limit: null }, usd: { used: 0, limit: null } },
    ],
  },
  "POST /api/v1/tools/project_metrics": finding("", {
    data: {
      budget: {
        text: "**$12,000.00 of $30,000.00** (40%) of this month's budget is used.",
        data: { amount: 30_000, currency: "USD", usedShare: 0.4, outlook: { total: { mean: 18_119, lo80: 17_508, hi80: 18_731 } } },
      },
      missing: [],
    },
  }),
  "POST /api/v1/tools/doctor": finding("", {
    data: {
      ok: false,
      checks: [
        { name: "database", state: "ok", message: "reachable and up to date" },
        { name: "Jira", state: "failed", message: "refused the token", fix: "Make a new JIRA_TOKEN." },
        { name: "Sentry", state: "off", message: "not connected", fix: "Set SENTRY_TOKEN to turn it on." },
      ],
    },
  }),
};
