import type { SimulatedRequest, SimulatedResponse, Simulator } from "../simulator.ts";
import type { World } from "../world/index.ts";
import { refusal } from "./anthropic/answers.ts";

const KEY = "sk-ant-admin01-demo-harbourline";

/** Anthropic's Admin API: the organisation, its workspaces and keys, usage and cost, and Claude Code. */
export const anthropic: Simulator = {
  name: "anthropic",
  settings: (baseUrl) => ({ ANTHROPIC_ADMIN_KEY: KEY, ANTHROPIC_ADMIN_URL: baseUrl }),

  async handle(request, world) {
    const { headers } = request;
    const isKnown = headers["x-api-key"] === KEY || headers.authorization === `Bearer ${KEY}`;
    if (!isKnown) return refusal(401, "authentication_error", "invalid x-api-key");
    if (headers["anthropic-version"] === undefined) return refusal(400, "invalid_request_error", "anthropic-version: header is required");
    const answer = request.method === "GET" ? await route(request, world) : undefined;
    return answer ?? refusal(404, "not_found_error", "Not Found");
  },
};

async function route(request: SimulatedRequest, world: World): Promise<SimulatedResponse | undefined> {
  const [, path = ""] = /^\/v1\/organizations\/(.+)$/.exec(request.path) ?? [];
  const { listKeys, listWorkspaces, me } = await import("./anthropic/organisation.ts");
  const { newerReport } = await import("./anthropic/analytics.ts");
  const { olderReport } = await import("./anthropic/older-reports.ts");
  const { claudeCode } = await import("./anthropic/claude-code.ts");
  const answers: Readonly<Record<string, () => SimulatedResponse>> = {
    me: () => me(),
    workspaces: () => listWorkspaces(request, world),
    api_keys: () => listKeys(request, world),
    "analytics/usage": () => newerReport("usage", request, world),
    "analytics/cost": () => newerReport("cost", request, world),
    "usage_report/messages": () => olderReport("usage", request, world),
    cost_report: () => olderReport("cost", request, world),
    "usage_report/claude_code": () => claudeCode(request, world),
  };
  return answers[path]?.();
}
