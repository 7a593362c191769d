import type { CallToolResult } from "@modelcontextprotocol/server";
import type { z } from "zod";
import { hasRole } from "../core/message.ts";
import { closest, cut } from "../core/text.ts";
import { hasItsFeeds, type Tool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { toResult } from "./result.ts";
import type { McpWorld } from "./world.ts";

/** The tools a user may see here: those that read, that the role allows, and that have something to answer from. */
export function visibleTools({ user, tools, feeds }: Pick<ToolContext, "user" | "tools" | "feeds">): Tool[] {
  return tools.filter((tool) => tool.effect === "read" && hasRole(user.roles, tool.role) && hasItsFeeds(tool, feeds));
}

/** `step` tells the caller how far it is. Throws UserError for input that does not fit, and whatever the tool throws. */
export async function runTool(
  tool: Tool,
  given: unknown,
  context: ToolContext,
  { renderPng, onFault }: Pick<McpWorld, "renderPng" | "onFault">,
  step: (done: number, message: string) => Promise<void>,
): Promise<CallToolResult> {
  const input = readInput(tool, given);
  await step(1, tool.title);
  const finding = await tool.run(input, context);
  if (finding.blocks.some(({ type }) => type === "chart")) await step(2, "Drawing");
  const result = await toResult(finding, async ({ spec }) => {
    try {
      return await renderPng(spec);
    } catch (error) {
      // The words say what the picture would have shown.
      onFault(error);
      return undefined;
    }
  });
  await step(3, "Done");
  return result;
}

function readInput(tool: Tool, given: unknown): z.output<Tool["input"]> {
  const result = tool.input.safeParse(given ?? {});
  if (result.success) return result.data;
  const fields = Object.keys(tool.input.shape);
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, fields));
  throw new UserError(
    `The input of ${tool.name} does not fit: ${cut(faults.join("; "), 600)}. It takes ${fields.join(", ") || "nothing"}.`,
  );
}

function faultsOf(issue: z.core.$ZodIssue, fields: readonly string[]): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [`${at || "the input"}: ${issue.message}`];
  return issue.keys.map((key) => {
    const near = at ? undefined : closest(key, fields);
    return `${cut(key, 60)} is not a field${near ? ` (did you mean “${near}”?)` : ""}`;
  });
}
