import type { IncomingMessage } from "node:http";
import type { Fields } from "./shapes.ts";

/** Bodies as `@slack/web-api` sends them: forms whose structures are JSON, JSON, and multipart for bytes. */

/** Arguments that hold JSON in a form. Others stay text, so that a text that looks like JSON stays one. */
const STRUCTURES = new Set("blocks attachments metadata chunks prompts files view loading_messages unfurls file_ids channels".split(" "));
const FLAGS = new Set(
  "unfurl_links unfurl_media mrkdwn link_names reply_broadcast as_user include_all_metadata inclusive return_im prevent_creation include_num_members include_locale".split(
    " ",
  ),
);

export interface Decoded {
  args: Fields;
  /** Raw bytes of an upload. */
  bytes?: Buffer;
  /** What could not be read. */
  problems: readonly string[];
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export function decodeArguments(contentType: string, body: Buffer): Decoded {
  const problems: string[] = [];
  if (body.length === 0) return { args: {}, problems };
  if (contentType.startsWith("application/json")) return decodeJson(body);
  if (!contentType.startsWith("application/x-www-form-urlencoded"))
    return { args: {}, problems: [`content type ${contentType || "missing"}`] };
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) {
    if (name in args) problems.push(`${name} came twice`);
    args[name] = decodeValue(name, value, problems);
  }
  return { args, problems };
}

function decodeJson(body: Buffer): Decoded {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null
      ? { args: value as Fields, problems: [] }
      : { args: {}, problems: ["JSON that is no object"] };
  } catch {
    return { args: {}, problems: ["JSON that does not parse"] };
  }
}

function decodeValue(name: string, value: string, problems: string[]): unknown {
  if (FLAGS.has(name)) return value === "true" || value === "1";
  if (!STRUCTURES.has(name) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    problems.push(`${name} is no JSON`);
    return value;
  }
}

/** The bytes of an upload: the one file of a multipart body, or the body itself. */
export async function decodeUpload(contentType: string, body: Buffer): Promise<Buffer> {
  if (!contentType.startsWith("multipart/form-data")) return body;
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  for (const value of form.values()) if (typeof value !== "string") return Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
}
