/**
 * Server-Sent Events as the standard's parser reads them, minus ids and retries: an answer is never resumed.
 * @typedef {{ event: string, data: string }} ServerEvent
 */

/**
 * Yields each complete event; one that the stream cuts off is dropped. Rejects when the stream does.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @returns {AsyncGenerator<ServerEvent, void>}
 */
export async function* readEvents(chunks) {
  const decoder = new TextDecoder();
  let rest = "";
  /** @type {string[]} */
  let lines = [];
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the very end may be half of a line end: it waits for the next chunk.
    const complete = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const parts = complete.split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? "") + rest.slice(complete.length);
    for (const line of parts) {
      if (line !== "") {
        lines.push(line);
        continue;
      }
      const event = parseEvent(lines);
      lines = [];
      if (event) yield event;
    }
  }
}

/**
 * @param {readonly string[]} lines
 * @returns {ServerEvent | null} null for comments and for events without data
 */
function parseEvent(lines) {
  let event = "message";
  /** @type {string[]} */
  const data = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length > 0 ? { event, data: data.join("\n") } : null;
}

/**
 * A response body as an async iterable, in browsers too whose streams are not iterable yet.
 * Leaving the loop early cancels the download.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Uint8Array, void>}
 */
export async function* chunksOf(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
