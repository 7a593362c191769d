import type { Reply } from "../../core/reply.ts";
import { chartDrawnBy, isNativeChart, nativeCharts } from "./native-chart.ts";
import { plainerForms, type SlackMessage } from "./render.ts";
import { type Drawing, renderChart } from "./render-blocks.ts";
import { type UploadOptions, uploadCharts } from "./upload.ts";

export interface DrawOptions extends UploadOptions {
  now(): Date;
}

/** How long we draw pictures where Slack took those and not its own charts, in milliseconds. */
const DECLINED_MS = 24 * 3_600_000;

/** Charts by Slack itself where it can, else as pictures. Keeps in mind where it cannot. */
export function createDrawing(options: DrawOptions) {
  let declinedUntil = 0;

  /** How each chart of a reply is drawn, by its place among the blocks; pictures are uploaded. */
  async function draw(reply: Reply): Promise<Map<number, Drawing>> {
    const native = options.now().getTime() < declinedUntil ? new Set<number>() : nativeCharts(reply);
    const files = await uploadCharts(reply, (place) => !native.has(place), options);
    return new Map<number, Drawing>([
      ...[...native].map((place) => [place, { native: place }] as const),
      ...[...files].map(([place, file]) => [place, { file }] as const),
    ]);
  }

  /** The message, and what to send when Slack finds a block of it wrong: with pictures for its charts, then ever plainer. */
  async function* forms(message: SlackMessage, reply: Reply): AsyncGenerator<SlackMessage> {
    if (!message.blocks.some(isNativeChart)) {
      yield* plainerForms(message);
      return;
    }
    yield message;
    const [pictured, ...plainer] = plainerForms(await withPictures(message, reply));
    let wasRefused = false;
    try {
      if (pictured) yield pictured;
      wasRefused = true;
    } finally {
      // Nothing else was changed, so it was the charts.
      if (!wasRefused) declinedUntil = options.now().getTime() + DECLINED_MS;
    }
    yield* plainer;
  }

  async function withPictures(message: SlackMessage, reply: Reply): Promise<SlackMessage> {
    const places = new Set(message.blocks.map((block) => chartDrawnBy(block, reply)?.place));
    const files = await uploadCharts(reply, (place) => places.has(place), options);
    const blocks = message.blocks.flatMap((block) => {
      const drawn = chartDrawnBy(block, reply);
      const file = drawn && files.get(drawn.place);
      // Without its picture, the words below a chart are what is left.
      return !drawn ? [block] : file ? renderChart(drawn.chart, { file }) : [];
    });
    return { ...message, blocks };
  }

  return { draw, forms };
}
