import type { ChartBlock, Reply } from "../../core/reply.ts";
import { type Client, failureOf, whenAllowed } from "./client.ts";
import { fieldsOf, listOf, text } from "./parse.ts";
import { altOf } from "./render-blocks.ts";
import { within } from "./text.ts";

export interface UploadOptions {
  client: Client;
  renderPng(spec: Readonly<Record<string, unknown>>): Promise<Buffer>;
  wait(ms: number): Promise<void>;
  onFault(error: unknown): void;
}

const MOST_CHARTS = 4;

/**
 * Uploads the charts of a reply that are `wanted` by their place among the blocks; gives each place → its file id. A chart that fails is
 * left out: its alt text is told.
 */
export async function uploadCharts(reply: Reply, wanted: (place: number) => boolean, options: UploadOptions): Promise<Map<number, string>> {
  const charts = (reply.blocks ?? [])
    .flatMap((block, index) => (block.type === "chart" && wanted(index) ? [{ block, index }] : []))
    .slice(0, MOST_CHARTS);
  const files = new Map<number, string>();
  for (const { block, index } of charts) {
    try {
      const png = await options.renderPng(block.spec);
      const id = await whenAllowed(() => upload(options.client, block, png), options.wait);
      if (id) files.set(index, id);
    } catch (error) {
      options.onFault(error);
    }
  }
  return files;
}

/** To no channel: the file is seen where its id is posted. */
async function upload(client: Client, chart: ChartBlock, png: Buffer): Promise<string | undefined> {
  const done: unknown = await client.filesUploadV2({
    file: png,
    filename: "chart.png",
    title: within(chart.title.trim() || "Chart", 150),
    alt_text: altOf(chart),
  });
  const outer = fieldsOf(listOf(fieldsOf(done).files)[0]);
  const inner = fieldsOf(listOf(outer.files)[0] ?? outer);
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
