import type { IncomingHttpHeaders } from "node:http";

/** What the real Messages API refuses, checked before anything is answered. */

export interface MessagesRequest {
  model?: unknown;
  max_tokens?: unknown;
  messages?: WireMessage[];
  system?: string | WireBlock[];
  tools?: WireTool[];
  tool_choice?: { type?: unknown; name?: unknown };
  stream?: unknown;
  [field: string]: unknown;
}

export interface WireMessage {
  role?: unknown;
  content?: string | WireBlock[];
}

export interface WireBlock {
  type?: unknown;
  text?: unknown;
  id?: unknown;
  input?: unknown;
  tool_use_id?: unknown;
  cache_control?: unknown;
  [field: string]: unknown;
}

export interface WireTool {
  name?: unknown;
  description?: unknown;
  input_schema?: Record<string, unknown>;
  cache_control?: unknown;
  [field: string]: unknown;
}

export interface WireError {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

const FIELDS = new Set(
  (
    "model max_tokens messages system tools tool_choice stream temperature top_p top_k stop_sequences metadata thinking " +
    "service_tier container context_management mcp_servers output_config cache_control inference_geo"
  ).split(" "),
);
const TOOL_FIELDS = new Set(
  "type name description input_schema cache_control strict input_examples defer_loading allowed_callers".split(" "),
);
const VERSIONS = ["2023-06-01", "2026-10-21"];
const CACHE_MARKS = 4;

/** The first thing the service would refuse, or undefined. */
export function findFault(headers: IncomingHttpHeaders, body: MessagesRequest, key?: string): WireError | undefined {
  const locked = checkHeaders(headers, key) ?? checkType(headers);
  if (locked) return locked;
  const message = checkFields(body) ?? checkTools(body) ?? checkMessages(body.messages ?? []) ?? checkCacheMarks(body);
  return message ? { status: 400, message } : undefined;
}

/** What every request must bring. */
export function checkHeaders(headers: IncomingHttpHeaders, key: string | undefined): WireError | undefined {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  const given = headers["x-api-key"] ?? bearer;
  if (!given) return { status: 401, message: "x-api-key header is required" };
  if (key !== undefined && given !== key) return { status: 401, message: "invalid x-api-key" };
  const version = headers["anthropic-version"];
  if (typeof version !== "string") return { status: 400, message: "anthropic-version: header is required" };
  if (!VERSIONS.includes(version)) return { status: 400, message: `anthropic-version: "${version}" is not a valid version` };
  return undefined;
}

function checkType(headers: IncomingHttpHeaders): WireError | undefined {
  return headers["content-type"]?.startsWith("application/json")
    ? undefined
    : { status: 400, message: "content-type must be application/json" };
}

function checkFields(body: MessagesRequest): string | undefined {
  for (const field of Object.keys(body)) if (!FIELDS.has(field)) return `${field}: Extra inputs are not permitted`;
  if (typeof body.model !== "string" || body.model === "") return "model: Field required";
  if (!Number.isInteger(body.max_tokens) || Number(body.max_tokens) < 1) return "max_tokens: Field required";
  if (body.temperature !== undefined && body.temperature !== 1) return "temperature: may only be set to 1 for this model";
  if (body.top_p !== undefined && body.top_p !== 1) return "top_p: is not supported by this model";
  if (body.top_k !== undefined) return "top_k: is not supported by this model";
  if (!Array.isArray(body.messages) || body.messages.length === 0) return "messages: at least one message is required";
  if (body.stream !== undefined && typeof body.stream !== "boolean") return "stream: Input should be a valid boolean";
  if (body.system !== undefined) return checkText("system", body.system);
  return undefined;
}

function checkTools(body: MessagesRequest): string | undefined {
  const tools = body.tools ?? [];
  const names = new Set<unknown>();
  for (const [i, tool] of tools.entries()) {
    const extra = Object.keys(tool).find((field) => !TOOL_FIELDS.has(field));
    if (extra) return `tools.${i}.${extra}: Extra inputs are not permitted`;
    if (typeof tool.name !== "string" || !/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) return `tools.${i}.name: invalid`;
    if (names.has(tool.name)) return "tools: Tool names must be unique.";
    names.add(tool.name);
    const schema = tool.input_schema;
    if (schema?.type !== "object") return `tools.${i}.input_schema.type: Field required`;
    if (["oneOf", "anyOf", "allOf"].some((word) => word in schema))
      return `tools.${i}.input_schema: no oneOf, allOf or anyOf at the top level`;
  }
  const choice = body.tool_choice;
  if (choice && tools.length === 0) return "tool_choice: may only be specified while providing tools";
  if (choice && !["auto", "any", "tool", "none"].includes(String(choice.type))) return "tool_choice.type: invalid";
  const usesTools = body.messages?.some((message) =>
    blocks(message).some((block) => block.type === "tool_use" || block.type === "tool_result"),
  );
  if (usesTools && tools.length === 0) return "tools: Requests which include `tool_use` or `tool_result` blocks must define tools";
  return undefined;
}

function checkMessages(messages: readonly WireMessage[]): string | undefined {
  let asked: string[] = [];
  const used = new Set<string>();
  for (const [i, message] of messages.entries()) {
    const expected = i % 2 === 0 ? "user" : "assistant";
    if (message.role !== expected) return `messages.${i}: roles must alternate between "user" and "assistant", starting with "user"`;
    const text = checkText(`messages.${i}.content`, message.content);
    if (text) return text;
    const results = checkResults(i, message, asked);
    if (results) return results;
    asked = blocks(message).flatMap((block) => (block.type === "tool_use" ? [String(block.id)] : []));
    for (const id of asked) {
      if (used.has(id)) return `messages.${i}: \`tool_use\` ids must be unique`;
      used.add(id);
    }
  }
  if (messages.at(-1)?.role !== "user") return "messages: the conversation must end with a user message";
  return undefined;
}

/** Every tool_use is answered in the very next message, first things first, and nothing else is answered. */
function checkResults(i: number, message: WireMessage, asked: readonly string[]): string | undefined {
  const content = blocks(message);
  const answered = content.flatMap((block) => (block.type === "tool_result" ? [String(block.tool_use_id)] : []));
  const stray = answered.find((id) => !asked.includes(id));
  if (stray) return `messages.${i}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`;
  const missing = asked.filter((id) => !answered.includes(id));
  if (missing.length > 0)
    return `messages.${i}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}`;
  if (new Set(answered).size < answered.length) return `messages.${i}: each \`tool_use\` must have a single result`;
  if (content.slice(0, answered.length).some((block) => block.type !== "tool_result"))
    return `messages.${i}: \`tool_result\` blocks must come first`;
  return undefined;
}

function checkText(path: string, content: string | readonly WireBlock[] | undefined): string | undefined {
  if (typeof content === "string") return content === "" ? `${path}: must not be empty` : undefined;
  if (!Array.isArray(content) || content.length === 0) return `${path}: Field required`;
  for (const [i, block] of content.entries()) {
    if (block.type === "text" && (typeof block.text !== "string" || block.text === ""))
      return `${path}.${i}: text content blocks must be non-empty`;
    if (block.type === "tool_use" && (typeof block.input !== "object" || block.input === null))
      return `${path}.${i}.input: Input should be an object`;
    if (!["text", "tool_use", "tool_result", "thinking", "redacted_thinking"].includes(String(block.type)))
      return `${path}.${i}.type: invalid`;
  }
  return undefined;
}

function checkCacheMarks(body: MessagesRequest): string | undefined {
  const system = typeof body.system === "string" ? [] : (body.system ?? []);
  const marked = [...system, ...(body.tools ?? []), ...(body.messages ?? []).flatMap(blocks)].filter((block) => block.cache_control);
  return marked.length > CACHE_MARKS ? `A maximum of ${CACHE_MARKS} blocks with cache_control may be provided` : undefined;
}

function blocks(message: WireMessage): readonly WireBlock[] {
  return Array.isArray(message.content) ? message.content : [];
}
