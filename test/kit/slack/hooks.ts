import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer, Api } from "./api.ts";
import { filesIn } from "./blocks/payload.ts";
import { decodeArguments, decodeUpload, readBody } from "./decode.ts";
import { checkBlocks, checkText, checkUnfurl } from "./methods/checks.ts";
import type { Desk } from "./methods/desk.ts";
import { receiveUpload } from "./methods/files.ts";
import { blame, Refusal } from "./refusal.ts";
import { IDS } from "./sample.ts";
import { type Fields, type RecordedCall, stringOf } from "./shapes.ts";
import type { ResponseUrl } from "./workspace.ts";

/** The two addresses beside the Web API: upload_url and response_url. */

export async function handleUpload(request: IncomingMessage, response: ServerResponse, path: string, api: Api, desk: Desk): Promise<void> {
  const contentType = request.headers["content-type"] ?? "";
  const bytes = await decodeUpload(contentType, await readBody(request));
  const id = path.split("/").at(-1) ?? "";
  const call = api.record("upload", contentType.split(";")[0] ?? "", { file: id, bytes: bytes.length });
  await api.answer(response, call, () => {
    const { status, text } = receiveUpload(id, bytes, desk, call);
    return { status, body: {}, text, headers: { "content-type": "text/plain" } };
  });
}

const OPTIONAL = "text blocks response_type replace_original delete_original thread_ts unfurl_links unfurl_media metadata".split(" ");

export async function handleResponseUrl(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  api: Api,
  desk: Desk,
): Promise<void> {
  const contentType = request.headers["content-type"] ?? "";
  const { args, problems } = decodeArguments(contentType, await readBody(request));
  const call = api.record("response_url", contentType, args);
  for (const problem of problems) desk.complain(`arguments: ${problem}`, call);
  await api.answer(response, call, () => {
    const url = desk.workspace.useResponseUrl(path);
    if (typeof url !== "string") return respond(url, args, call, desk);
    desk.complain(`a response_url that is ${url}`, call);
    return { status: 404, body: { ok: false, error: url === "expired" ? "expired_url" : "used_url" } };
  });
}

function respond(url: ResponseUrl, args: Fields, call: RecordedCall, desk: Desk): Answer {
  try {
    for (const name of Object.keys(args)) if (!OPTIONAL.includes(name)) desk.complain(`response_url has no argument ${name}`, call);
    apply(url, args, call, desk);
    return { status: 200, body: { ok: true }, text: "ok", headers: { "content-type": "text/plain" } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.broken !== undefined) desk.complain(error.broken, call);
    return { status: 400, body: { ok: false, error: error.code, ...error.extra } };
  }
}

function apply(url: ResponseUrl, args: Fields, call: RecordedCall, desk: Desk): void {
  const origin = url.origin === undefined ? undefined : desk.workspace.find(url.room, url.origin);
  if (args.delete_original === true) {
    if (origin) origin.deleted = true;
    return;
  }
  if (filesIn(args.blocks).length > 0) blame("invalid_blocks", "a private file on a response_url");
  const text = checkText(args);
  const blocks = checkBlocks(desk, args.blocks);
  if (args.replace_original === true && origin) {
    Object.assign(origin, { text, blocks, edits: origin.edits + 1 });
    return;
  }
  const inChannel = args.response_type === "in_channel";
  if (inChannel) checkUnfurl(desk, args, call);
  const threadTs = stringOf(args.thread_ts);
  desk.workspace.add({
    channel: url.room,
    user: IDS.bot,
    text,
    blocks,
    ...(threadTs ? { threadTs } : {}),
    ...(inChannel ? {} : { onlyFor: url.user }),
  });
}
