import type { Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";

/**
 * live: the process turns. startup: it has begun to take messages. ready: it can answer. Integrations are reported as they were met last,
 * without asking them, and never make it unready.
 */
export function healthRoutes(api: ApiContext): Route[] {
  return [
    {
      method: "GET",
      path: "/health/live",
      access: "open",
      docs: { summary: "The process is up", tag: "health", response: { $ref: "#/components/schemas/Health" } },
      handle: async () => ({ status: 200, data: { status: "live" } }),
    },
    {
      method: "GET",
      path: "/health/startup",
      access: "open",
      docs: { summary: "The process has begun to take messages", tag: "health", response: { $ref: "#/components/schemas/Health" } },
      handle: async () => (api.started() ? { status: 200, data: { status: "started" } } : { status: 503, data: { status: "starting" } }),
    },
    {
      method: "GET",
      path: "/health/ready",
      access: "open",
      docs: { summary: "The process can answer", tag: "health", response: { $ref: "#/components/schemas/Health" } },
      async handle({ signal }) {
        const checks = await api.readiness(signal);
        const ready = checks.every((check) => !check.required || check.state === "ok");
        return {
          status: ready ? 200 : 503,
          data: { status: ready ? "ready" : "not ready", checks: checks.map(({ name, state }) => ({ name, state })) },
        };
      },
    },
  ];
}
