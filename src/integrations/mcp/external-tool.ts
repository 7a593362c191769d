import type { CallToolResult, Tool as RemoteTool } from "@modelcontextprotocol/client";
import { cut } from "../../core/text.ts";
import type { Finding, Tool } from "../../core/tool.ts";
import { VendorError } from "../../errors.ts";
import type { ExternalServer } from "./external-server.ts";
import { fenced, plainDescription, quotedBlock } from "./foreign.ts";
import { inputOf } from "./input.ts";

/** Characters of an answer: for the model, for a person, and of data for code. */
const MOST_CONTENT = 20_000;
const MOST_SHOWN = 3_000;
const MOST_DATA = 100_000;
const MOST_NAME = 64;

/** "github__list_issues": the server's name, and the tool's in small letters. undefined for a name of which nothing is left. */
export function nameOf(server: string, remote: string): string | undefined {
  const own = remote
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return own ? `${server}__${own}`.slice(0, MOST_NAME).replace(/_+$/, "") : undefined;
}

/** Whether it says that it only reads. */
export function onlyReads({ annotations }: RemoteTool): boolean {
  return annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
}

/** A tool of an external server as one of ours. Its name and input are those of the day it was found; its answer is data. */
export function toTool(server: ExternalServer, name: string, remote: RemoteTool, now: () => Date): Tool {
  const said = plainDescription(remote.description ?? remote.annotations?.title ?? "");
  const reads = onlyReads(remote);
  return {
    name,
    title: cut(plainDescription(remote.title ?? remote.name, 60) || name, 40),
    description: `A tool of the external MCP server “${server.name}”, which describes it as: “${said || "(nothing)"}”.`,
    examples: [],
    effect: reads ? "read" : "write",
    role: reads ? "viewer" : "analyst",
    input: inputOf(remote.inputSchema),
    async run(input, { signal }) {
      const result = await server.call(remote.name, input, signal);
      const text = textOf(result);
      if (result.isError) throw new VendorError(server.title, `${server.title} could not do it.`, { detail: text });
      return findingOf(server, remote.name, input, result, text, now());
    },
  };
}

function findingOf(
  { name, title }: ExternalServer,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  { structuredContent }: CallToolResult,
  text: string,
  at: Date,
): Finding {
  const data = structuredContent !== undefined && JSON.stringify(structuredContent).length <= MOST_DATA ? { data: structuredContent } : {};
  const cutShort = text.length > MOST_CONTENT;
  return {
    content: fenced(name, text, MOST_CONTENT),
    ...data,
    blocks: [{ type: "markdown", text: `The external server “${name}” answered:\n\n${quotedBlock(text, MOST_SHOWN)}` }],
    receipts: [
      {
        id: `mcp-${name}-${tool}`,
        source: title,
        query: `${tool} ${cut(JSON.stringify(input), 200)}`,
        fetchedAt: at,
        status: "live",
        notes: ["An external server's own words; nothing of it was checked."],
        ...(cutShort ? { truncated: `the first ${MOST_CONTENT} of ${text.length} characters` } : {}),
      },
    ],
  };
}

/** The words of an answer. Pictures and sounds are named, not passed on. */
function textOf({ content, structuredContent }: CallToolResult): string {
  const parts = content.map((block) => {
    if (block.type === "text") return block.text;
    if (block.type === "resource") return "text" in block.resource ? block.resource.text : `(${block.resource.uri}: not text, left out)`;
    return block.type === "resource_link" ? `(see ${block.uri})` : `(${block.type}: left out)`;
  });
  if (parts.length > 0) return parts.join("\n");
  return structuredContent === undefined ? "(nothing)" : JSON.stringify(structuredContent);
}
