import { blame, refuse } from "../refusal.ts";
import { type Fields, listOf, type RecordedCall, stringOf } from "../shapes.ts";
import { takesTime } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";
import { wireFile } from "./wire.ts";

/** An upload in three steps: ask for an address, send the bytes there, complete. */

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  csv: "text/csv",
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
  pdf: "application/pdf",
};
const ALT_TEXT = 1_000;

export const FILES: Readonly<Record<string, Method>> = {
  "files.getUploadURLExternal": method("filename length", "alt_text snippet_type", (args, desk) => {
    const announced = Number(args.length);
    if (!Number.isInteger(announced) || announced <= 0) blame("invalid_arguments", `a file of length ${String(args.length)}`);
    if (stringOf(args.alt_text).length > ALT_TEXT) blame("alt_txt_too_large", `alt_text of ${stringOf(args.alt_text).length} characters`);
    const name = stringOf(args.filename);
    const id = desk.workspace.nextId("F");
    const mimetype = TYPES[name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream";
    desk.workspace.files.set(id, {
      id,
      name,
      title: name,
      altText: stringOf(args.alt_text),
      announced,
      mimetype,
      complete: false,
      refusalsLeft: desk.fileRefusals,
      createdAt: desk.now(),
    });
    return { upload_url: `${desk.origin()}/upload/v1/${id}`, file_id: id };
  }),
  "files.completeUploadExternal": method("files", "channel_id thread_ts initial_comment blocks", (args, desk) => {
    if (args.channel_id !== undefined) blame("invalid_arguments", "an upload that Slack shares by itself: it has no unfurl flags");
    const wanted = listOf(args.files);
    if (wanted.length === 0) blame("invalid_arguments", "no files to complete");
    return { files: wanted.map((item) => complete(item, desk)) };
  }),
  "files.info": method("file", "", (args, desk) => {
    const file = desk.workspace.files.get(stringOf(args.file));
    if (!file?.complete) refuse("file_not_found");
    const answer = { file: wireFile(file, desk.origin()) };
    takesTime(file);
    return answer;
  }),
};

function complete(item: Fields, desk: Desk): Fields {
  const file = desk.workspace.files.get(stringOf(item.id));
  if (!file) blame("file_not_found", `completes an unknown file ${String(item.id)}`);
  if (!file.bytes) blame("file_not_found", `completes ${file.id} before its bytes came`);
  if (file.complete) blame("file_not_found", `completes ${file.id} twice`);
  file.complete = true;
  file.title = stringOf(item.title) || file.name;
  return wireFile(file, desk.origin());
}

/** The bytes at an upload address. Returns the status and words of the answer. */
export function receiveUpload(id: string, bytes: Buffer, desk: Desk, call: RecordedCall): { status: number; text: string } {
  const file = desk.workspace.files.get(id);
  if (!file) {
    desk.complain(`bytes for an unknown file ${id}`, call);
    return { status: 404, text: "not found" };
  }
  if (bytes.length !== file.announced) {
    desk.complain(`${bytes.length} bytes came for ${id}, ${file.announced} were announced`, call);
    return { status: 400, text: "size mismatch" };
  }
  file.bytes = bytes;
  return { status: 200, text: `OK - ${bytes.length}` };
}
