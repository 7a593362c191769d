/** A mail as a reader's program takes it apart: just enough of RFC 5322, 2045 and 2047 to see what a person would. */
export interface Mail {
  /** Names in lower case, unfolded and decoded; several of one name are joined by a line end. */
  headers: ReadonlyMap<string, string>;
  /** Lines end with a line feed alone. */
  text: string;
  html: string;
  /** Content id, without its brackets → what it holds. */
  inline: ReadonlyMap<string, Buffer>;
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

/** Throws for what no reader could take apart. */
export function readMail(raw: string): Mail {
  const leaves = leavesOf(split(raw));
  const bodyOf = (type: string) => {
    const found = leaves.find((part) => typeOf(part).startsWith(type));
    return found ? unflowed(found, decodeBody(found).toString("utf8").replaceAll("\r\n", "\n")) : "";
  };
  const inline = leaves.flatMap((part): [string, Buffer][] => {
    const id = part.headers.get("content-id");
    return id ? [[id.replace(/^<|>$/g, ""), decodeBody(part)]] : [];
  });
  return { headers: split(raw).headers, text: bodyOf("text/plain"), html: bodyOf("text/html"), inline: new Map(inline) };
}

function split(raw: string): Part {
  const end = raw.indexOf("\r\n\r\n");
  if (end < 0) throw new Error("a part without a body");
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")) {
    const [, name = "", value = ""] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`no header: ${line}`);
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), [before, decodeWords(value)].filter((one) => one !== undefined).join("\n"));
  }
  return { headers, body: raw.slice(end + 4) };
}

function typeOf({ headers }: Part): string {
  return (headers.get("content-type") ?? "text/plain").toLowerCase();
}

function leavesOf(part: Part): Part[] {
  const boundary = /^multipart\/[^;]+;.*boundary="?([^";]+)"?/i.exec(part.headers.get("content-type") ?? "")?.[1];
  if (boundary === undefined) return [part];
  const pieces = `\r\n${part.body}`.split(`\r\n--${boundary}`).slice(1);
  if (!pieces.at(-1)?.startsWith("--")) throw new Error("a multipart without its end");
  return pieces.slice(0, -1).flatMap((piece) => leavesOf(split(piece.replace(/^[ \t]*\r\n/, ""))));
}

/** format=flowed (RFC 3676): a line that ends with a space goes on; the line before a signature does not. */
function unflowed(part: Part, text: string): string {
  return typeOf(part).includes("format=flowed") ? text.replace(/(?<!^--) \n/gm, " ") : text;
}

function decodeBody({ headers, body }: Part): Buffer {
  const encoding = (headers.get("content-transfer-encoding") ?? "7bit").toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64");
  if (encoding !== "quoted-printable") return Buffer.from(body, "latin1");
  return quotedPrintable(body.replace(/=\r\n/g, ""));
}

function quotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

/** "=?UTF-8?Q?Caf=C3=A9?=" → "Café"; white space between two of them is none. */
function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, "$1$2")
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      (kind.toUpperCase() === "B" ? Buffer.from(word, "base64") : quotedPrintable(word.replaceAll("_", " "))).toString("latin1"),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, "latin1").toString("utf8"));
}
