import { z } from "zod";
import { HttpError, type HttpRequest, type Route } from "../../core/http.ts";
import { hasRole, type User } from "../../core/message.ts";
import { closest } from "../../core/text.ts";
import type { Tool, ToolContext } from "../../core/tool.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { withProofs } from "../wire-reply.ts";
import { userOf } from "./record-request.ts";

/** What is said of a tool to machines and people. */
function describeTool(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    examples: tool.examples.filter((e) => !e.includes("{")),
    effect: tool.effect,
    role: tool.role,
    ...(tool.command ? { command: tool.command } : {}),
    input: z.toJSONSchema(tool.input, { io: "input" }),
  };
}

export function toolRoutes(api: ApiContext): Route[] {
  const contextOf = (request: HttpRequest) => api.toolContext(userOf(request), request.signal);
  const visible = ({ user, tools }: ToolContext) => tools.filter((tool) => hasRole(user.roles, tool.role));
  return [
    {
      method: "GET",
      path: "/api/v1/tools",
      access: "viewer",
      projectKeys: true,
      docs: {
        summary: "The tools you may run",
        tag: "tools",
        response: { type: "array", items: { $ref: "#/components/schemas/Tool" } },
        meta: { waitingFor: { type: "array", items: { type: "string" }, description: "Sources whose tools are not known (yet)." } },
      },
      async handle(request) {
        const waitingFor = api.lateFrom();
        return {
          ...{ status: 200, data: visible(contextOf(request)).map(describeTool) },
          ...(waitingFor.length > 0 ? { meta: { waitingFor } } : {}),
        };
      },
    },
    {
      method: "POST",
      path: "/api/v1/tools/{name}",
      access: "viewer",
      projectKeys: true,
      async handle(request) {
        const context = contextOf(request);
        const { user } = context;
        const headers = await api.rateLimit(user.id);
        const name = request.params.name ?? "";
        const tool = visible(context).find((t) => t.name === name);
        if (!tool) throw noSuchTool(name, context.tools);
        if (tool.effect === "write" && !tool.proposes)
          throw new HttpError(403, `${tool.name} changes something and cannot be approved here.`);
        const input = validate(tool.input, request.body.length === 0 ? {} : request.json());
        const running = tool.run(input, context);
        const { content, data, blocks, facts, receipts, suggestions } = await noted(api.audit, running, { user, name, input });
        return {
          // A write has only been proposed: it happens when somebody approves it.
          status: tool.effect === "write" ? 202 : 200,
          headers,
          data: {
            content,
            data: data ?? null,
            blocks: withProofs(blocks, api.secret, api.now()),
            facts: facts ?? [],
            receipts,
            suggestions: suggestions ?? [],
          },
        };
      },
    },
  ];
}

/** Writes into the audit log who ran which tool on what, once it has ended either way. */
async function noted<T>(
  audit: ApiContext["audit"],
  running: Promise<T>,
  { user, name, input }: { user: User; name: string; input: object },
): Promise<T> {
  const [settled] = await Promise.allSettled([running]);
  const outcome = settled?.status === "fulfilled" ? "ok" : "error";
  await audit.append({ actor: user.id, action: "run", target: name, detail: { input, outcome } });
  return running;
}

function noSuchTool(name: string, tools: readonly Tool[]): HttpError {
  const near = closest(
    name,
    tools.map((t) => t.name),
  );
  return new HttpError(
    404,
    `There is no tool “${name.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ""} GET /api/v1/tools lists them.`,
  );
}
