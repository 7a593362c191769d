import { anthropic } from "../../../src/integrations/anthropic/index.ts";
import { testVendor, type VendorUnderTest } from "../../kit/vendor-conformance.ts";
import { contextOf, feedOf } from "../../kit/vendor-connection.ts";
import { codingRecord, costRow, REAL, tokenPage } from "./answers.ts";

/** Of the connection made last. */
let now = (): Date => new Date(0);

const base = {
  credentials: "ANTHROPIC_ADMIN_KEY",
  connect({ baseUrl, secret, context }) {
    now = context.now;
    return anthropic.connect({ ANTHROPIC_ADMIN_KEY: secret, ANTHROPIC_ADMIN_URL: baseUrl }, context);
  },
  real: REAL,
} satisfies Partial<VendorUnderTest>;

testVendor({
  ...base,
  name: "Anthropic (usage and cost)",
  ask: (connection, signal) =>
    feedOf(connection, "anthropic_usage").query(
      { by: ["model", "workspace", "key"], period: { from: "2026-11-01", to: "2026-11-20" } },
      signal,
    ),
  empty: { ...REAL, "GET /v1/organizations/analytics/cost": { json: tokenPage([]) } },
  endless: {
    ...REAL,
    "GET /v1/organizations/analytics/cost": ({ query }) => ({
      json: tokenPage([costRow("2026-11-01", "1")], `${Number(query.get("page") ?? 0) + 1}`),
    }),
  },
});

/** What the question of Claude Code and doctor read; names of workspaces and keys are not needed. */
const CODING = Object.fromEntries(Object.entries(REAL).filter(([route]) => /me$|cost$|claude_code$/.test(route)));

testVendor({
  ...base,
  name: "Anthropic (Claude Code)",
  real: CODING,
  async ask(connection, signal) {
    const [tool] = connection.tools;
    if (!tool) throw new Error("there is no tool");
    return tool.run(tool.input.parse({}), { ...contextOf(connection, now()), signal });
  },
  empty: { ...REAL, "GET /v1/organizations/usage_report/claude_code": { json: tokenPage([]) } },
  endless: {
    ...REAL,
    "GET /v1/organizations/usage_report/claude_code": ({ query }) => ({
      json: tokenPage([codingRecord("2026-11-10", "ann@acme.example")], `${Number(query.get("page") ?? 0) + 1}`),
    }),
  },
});
