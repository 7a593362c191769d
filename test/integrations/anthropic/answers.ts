import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** Anthropic's answers for a small organisation. Shapes are those of its published client and documentation; names are invented. */

const GROUP = { model: "claude-sonnet-5-5", workspace_id: "wrkspc_one", api_key_id: "apikey_one", product: null };

export function costRow(day: string, amount: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    starting_at: `${day}T00:00:00Z`,
    ending_at: `${day}T23:59:59Z`,
    group: { ...GROUP, ...changes },
    cost: { amount, currency: "USD", list_amount: amount, requests: 12 },
  };
}

export function usageRow(day: string, requests: number | null, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    starting_at: `${day}T00:00:00Z`,
    ending_at: `${day}T23:59:59Z`,
    group: { ...GROUP, ...changes },
    usage: {
      uncached_input_tokens: 1_000,
      cache_creation: { ephemeral_1h_input_tokens: 10, ephemeral_5m_input_tokens: 20 },
      cache_read_input_tokens: 500,
      output_tokens: 200,
      server_tool_use: { web_search_requests: 0 },
      requests,
      total_tokens: 1_730,
    },
  };
}

export function tokenPage(data: readonly unknown[], next_page: string | null = null, refreshed: string | null = "2026-11-21T09:00:00Z") {
  return { data, has_more: next_page !== null, next_page, data_refreshed_at: refreshed };
}

export function idPage(data: readonly { id: string }[], has_more = false) {
  return { data, has_more, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

export const WORKSPACES = [
  { id: "wrkspc_one", name: "Documents", type: "workspace", created_at: "2025-01-01T00:00:00Z", archived_at: null },
  { id: "wrkspc_two", name: "Engineering", type: "workspace", created_at: "2025-01-01T00:00:00Z", archived_at: null },
];
export const KEYS = [
  { id: "apikey_one", name: "production", type: "api_key", status: "active", partial_key_hint: "sk-ant-api03-R2D...igAA" },
  { id: "apikey_two", name: "production", type: "api_key", status: "active", partial_key_hint: "sk-ant-api03-C3P...igAA" },
];

/** Two pages. */
export function cost({ query }: RecordedRequest) {
  return {
    json: query.get("page")
      ? tokenPage([costRow("2026-11-02", "300"), costRow("2026-11-02", "0.1", { workspace_id: "wrkspc_two", api_key_id: "apikey_two" })])
      : tokenPage([costRow("2026-11-01", "1050.5"), costRow("2026-11-01", "0.2", { workspace_id: "wrkspc_two" })], "cGFnZQ"),
  };
}

export function codingRecord(day: string, who: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    date: `${day}T00:00:00Z`,
    actor: { type: "user_actor", email_address: who },
    organization_id: "dc9f6c26-b22c-4831-8d01-0446bada88f1",
    customer_type: "api",
    terminal_type: "vscode",
    core_metrics: {
      num_sessions: 5,
      lines_of_code: { added: 120, removed: 30 },
      commits_by_claude_code: 2,
      pull_requests_by_claude_code: 1,
    },
    tool_actions: { edit_tool: { accepted: 8, rejected: 2 }, write_tool: { accepted: 1, rejected: 1 } },
    model_breakdown: [
      {
        model: "claude-opus-5-5",
        tokens: { input: 100, output: 350, cache_read: 10, cache_creation: 5 },
        estimated_cost: { currency: "USD", amount: 1_025 },
      },
    ],
    ...changes,
  };
}

export const ME = { id: "org-1", name: "Acme", type: "organization" };

export const REAL: Routes = {
  "GET /v1/organizations/me": { json: ME },
  "GET /v1/organizations/workspaces": { json: idPage(WORKSPACES) },
  "GET /v1/organizations/api_keys": { json: idPage(KEYS) },
  "GET /v1/organizations/analytics/cost": cost,
  "GET /v1/organizations/usage_report/claude_code": ({ query }) => ({
    json: tokenPage([codingRecord(query.get("starting_at") ?? "", "ann@acme.example")]),
  }),
};
