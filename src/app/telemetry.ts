import type { Handler } from "../core/channel.ts";
import type { VendorCall } from "../core/integration.ts";
import type { Reply } from "../core/reply.ts";
import type { Tool } from "../core/tool.ts";
import { UserError, VendorError } from "../errors.ts";
import { createRegistry, type Registry } from "../telemetry/metrics.ts";
import { inSpan, recordSpan, throughSpan } from "../telemetry/trace.ts";

/** What the house counts and traces of itself. Labels come from fixed sets: a place, a name of a tool, an outcome. */
export interface HouseTelemetry {
  registry: Registry;
  vendorCall(call: VendorCall): void;
  /** Each vendor by how its newest call ended. */
  vendors(): readonly { name: string; state: "ok" | "failed" | "stale" }[];
  http(entry: { method: string; route: string | undefined; status: number; ms: number }): void;
  modelAway(reason: string): void;
  guardDenied(guard: string): void;
  limited(limit: string): void;
  post(event: { channel: string; state: string }): void;
  /** `latenessMs`: from its slot to the end of its making. */
  digest(event: { digest: string; state: string; latenessMs: number }): void;
  alert(event: { state: string; severity: string }): void;
  webhook(event: { source: string; outcome: string }): void;
  /** The same tools, counted and traced. */
  watchTool(tool: Tool): Tool;
  watchTurns(handle: Handler): Handler;
}

export function createTelemetry(onFault: (error: unknown) => void): HouseTelemetry {
  const registry = createRegistry(onFault);
  const newest = new Map<string, "ok" | "failed" | "stale">();
  const turns = registry.counter("firstmate_turns_total", "Messages answered.", ["channel", "agent", "outcome"]);
  const turnTime = registry.histogram("firstmate_turn_duration_seconds", "From a message to its whole answer.", ["channel"]);
  const tools = registry.counter("firstmate_tool_calls_total", "Tools run, through any door.", ["tool", "outcome"]);
  const toolTime = registry.histogram("firstmate_tool_duration_seconds", "Time one tool took.", ["tool"]);
  const tokens = registry.counter("firstmate_model_tokens_total", "Tokens of the model's answers.", ["kind"]);
  const calls = registry.counter("firstmate_model_calls_total", "Calls of the model in finished answers.");
  const away = registry.counter("firstmate_model_unavailable_total", "Answers that had to do without the model.", ["reason"]);
  const denied = registry.counter("firstmate_guard_denied_total", "Answers in which a guard held the model back.", ["guard"]);
  const vendorCalls = registry.counter("firstmate_vendor_calls_total", "Requests to vendors, repeated ones too.", ["vendor", "outcome"]);
  const vendorTime = registry.histogram("firstmate_vendor_duration_seconds", "Time one request to a vendor took.", ["vendor"]);
  const requests = registry.counter("firstmate_http_requests_total", "HTTP requests answered.", ["method", "route", "status"]);
  const requestTime = registry.histogram("firstmate_http_request_duration_seconds", "Time of one HTTP request.", ["route"]);
  const limited = registry.counter("firstmate_limited_total", "Questions refused by a limit per minute.", ["limit"]);
  const posts = registry.counter("firstmate_posts_total", "Tries to post what nobody asked for.", ["channel", "state"]);
  const digests = registry.counter("firstmate_digests_total", "Digests made, or not, for their time.", ["digest", "state"]);
  const lateness = registry.histogram(
    "firstmate_digest_lateness_seconds",
    "From the slot of a digest to when it was made.",
    ["digest"],
    [1, 10, 30, 60, 120, 300, 900, 3600, 21_600],
  );
  const alerts = registry.counter("firstmate_alert_changes_total", "Alerts that opened or changed, as they are then.", [
    "state",
    "severity",
  ]);
  const webhooks = registry.counter("firstmate_webhooks_total", "Deliveries of webhooks, by what became of them at the door.", [
    "source",
    "outcome",
  ]);

  function finished(reply: Reply): void {
    const { usage } = reply.turn ?? {};
    if (!usage) return;
    tokens({ kind: "input" }, usage.inputTokens);
    tokens({ kind: "output" }, usage.outputTokens);
    tokens({ kind: "cached" }, usage.cachedTokens);
    calls({}, usage.modelCalls);
  }

  return {
    registry,
    vendorCall({ vendor, operation, outcome, status, ms, attempt }) {
      const failed = ["failed", "timeout", "broken-circuit", "refused"].includes(outcome);
      vendorCalls({ vendor, outcome });
      newest.set(vendor, outcome === "stale" ? "stale" : failed ? "failed" : "ok");
      if (outcome === "cached" || outcome === "stale") return;
      vendorTime({ vendor }, ms / 1000);
      const attributes = {
        "peer.service": vendor,
        "firstmate.operation": operation,
        "firstmate.outcome": outcome,
        "firstmate.attempt": attempt,
      };
      const answered = status === undefined ? {} : { "http.response.status_code": status };
      recordSpan({ name: `call ${vendor}`, kind: "client", attributes: { ...attributes, ...answered } }, ms, failed);
    },
    vendors: () => [...newest].map(([name, state]) => ({ name, state })),
    http({ method, route = "none", status, ms }) {
      requests({ method: METHODS.has(method) ? method : "other", route, status: String(status) });
      requestTime({ route }, ms / 1000);
    },
    modelAway: (reason) => away({ reason }),
    guardDenied: (guard) => denied({ guard }),
    limited: (limit) => limited({ limit }),
    post: ({ channel, state }) => posts({ channel, state }),
    digest({ digest, state, latenessMs }) {
      digests({ digest, state });
      if (state !== "missed") lateness({ digest }, latenessMs / 1000);
    },
    alert: ({ state, severity }) => alerts({ state, severity }),
    webhook: ({ source, outcome }) => webhooks({ source, outcome }),
    watchTool: (tool) => ({
      ...tool,
      run: (input, context) => {
        const started = performance.now();
        const end = (outcome: string) => {
          tools({ tool: tool.name, outcome });
          toolTime({ tool: tool.name }, (performance.now() - started) / 1000);
        };
        const attributes = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool.name, "gen_ai.tool.type": "function" };
        return inSpan({ name: `execute_tool ${tool.name}`, attributes }, async () => {
          try {
            const finding = await tool.run(input, context);
            end("ok");
            return finding;
          } catch (error) {
            end(
              error instanceof UserError
                ? "refused"
                : error instanceof VendorError
                  ? "vendor"
                  : context.signal.aborted
                    ? "stopped"
                    : "fault",
            );
            throw error;
          }
        });
      },
    }),
    watchTurns: (handle) => (message, signal) => {
      const started = performance.now();
      const { channel, audience } = message;
      const start = {
        name: "answer message",
        kind: "server",
        attributes: { "firstmate.channel": channel, "firstmate.audience": audience },
      } as const;
      return throughSpan(
        start,
        () => handle(message, signal),
        (reply, span) => {
          if (!reply.final) return;
          const { agent = "none", id } = reply.turn ?? {};
          turns({ channel, agent, outcome: reply.failed ? "failed" : signal.aborted ? "stopped" : "done" });
          turnTime({ channel }, (performance.now() - started) / 1000);
          finished(reply);
          span.set({ "firstmate.agent": agent, ...(id ? { "firstmate.turn": id } : {}) });
        },
      );
    },
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
