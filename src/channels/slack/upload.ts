import type { ChartBlock, Reply } from "../../core/reply.ts";
import { type Client, failureOf } from "./client.ts";
import { fieldsOf, text } from "./parse.ts";
import { within } from "./text.ts";

export type RenderPng = (spec: Readonly<Record<string, unknown>>) => Promise<Buffer>;

const MOST_CHARTS = 4;

/** Uploads the charts of a reply; gives each one's place among the blocks → its file id. A chart that fails is left out: its alt text is told. */
export async function uploadCharts(
  client: Client,
  reply: Reply,
  render: RenderPng,
  onFault: (error: unknown) => void,
): Promise<Map<number, string>> {
  const charts = (reply.blocks ?? []).flatMap((block, index) => (block.type === "chart" ? [{ block, index }] : [])).slice(0, MOST_CHARTS);
  const files = new Map<number, string>();
  for (const { block, index } of charts) {
    try {
      const id = await upload(client, block, await render(block.spec));
      if (id) files.set(index, id);
    } catch (error) {
      onFault(error);
    }
  }
  return files;
}

/** To no channel: the file is seen where its id is posted. */
async function upload(client: Client, { title, alt }: ChartBlock, png: Buffer): Promise<string | undefined> {
  const done: unknown = await client.filesUploadV2({
    file: png,
    filename: "chart.png",
    title: within(title, 150),
    alt_text: within(alt, 2_000),
  });
  const outer = fieldsOf(Array.isArray(fieldsOf(done).files) ? (fieldsOf(done).files as unknown[])[0] : undefined);
  const inner = fieldsOf(Array.isArray(outer.files) ? outer.files[0] : outer);
  return text(inner.id) || undefined;
}

const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;

/** Slack refuses a picture it has not processed yet; the post is repeated until it has. Other refusals are thrown at once. */
export async function whenReady<T>(post: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (const ms of WAITS_MS) {
    try {
      return await post();
    } catch (error) {
      const failure = failureOf(error);
      const pending = failure.kind === "refused" && failure.error === "invalid_blocks" && /slack.?file/i.test(failure.messages);
      if (!pending) throw error;
      await wait(ms);
    }
  }
  return post();
}
