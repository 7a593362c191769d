import type { Activity } from "botbuilder";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import { nativeChart } from "./native-chart.ts";
import { within } from "./text.ts";

/** Of the picture as base64: a message is about 100 KB in all. */
export const PICTURE_LENGTH = 60_000;
/** Of a picture behind an address. */
const PUBLISHED_BYTES = 1_000_000;
/** Pixels, widest first; Teams shows no more of an image than the first. */
const WIDTHS = [1_024, 800, 600] as const;
const MOST = { messages: 2, published: 6 } as const;

export type DrawOptions = Pick<ChannelOptions, "renderPng" | "publishChart" | "onFault">;

/** A chart as a message of its own, or where the card finds it. */
export type Drawn = { kind: "message"; activity: Partial<Activity> } | { kind: "address"; url: string };

/**
 * The charts that Teams does not draw itself, by their place among the blocks: behind an address where pictures can be published, else the
 * first as messages. One that cannot be drawn or is too large is left out. Never throws.
 */
export async function drawCharts(reply: Reply, options: DrawOptions): Promise<Map<number, Drawn>> {
  const drawn = new Map<number, Drawn>();
  const left = { address: MOST.published as number, message: MOST.messages as number };
  for (const [index, block] of (reply.blocks ?? []).entries()) {
    if (block.type !== "chart" || (left.address === 0 && left.message === 0) || nativeChart(block)) continue;
    const name = within(block.alt || block.title, 250);
    const one = await draw(block.spec, name, left, options).catch(options.onFault);
    if (!one) continue;
    left[one.kind]--;
    drawn.set(index, one);
  }
  return drawn;
}

async function draw(
  spec: Readonly<Record<string, unknown>>,
  name: string,
  left: Readonly<Record<Drawn["kind"], number>>,
  options: DrawOptions,
): Promise<Drawn | undefined> {
  const widest = await options.renderPng(spec, { width: WIDTHS[0] });
  const url = left.address > 0 ? await publish(widest, options) : undefined;
  if (url) return { kind: "address", url };
  if (left.message === 0) return undefined;
  for (const width of WIDTHS) {
    const png = width === WIDTHS[0] ? widest : await options.renderPng(spec, { width });
    const contentUrl = `data:image/png;base64,${png.toString("base64")}`;
    if (contentUrl.length <= PICTURE_LENGTH)
      return { kind: "message", activity: { type: "message", attachments: [{ contentType: "image/png", contentUrl, name }] } };
  }
  return undefined;
}

/** Teams fetches pictures over https only. */
async function publish(png: Buffer, { publishChart, onFault }: DrawOptions): Promise<string | undefined> {
  if (!publishChart || png.length > PUBLISHED_BYTES) return undefined;
  const url = (await publishChart(png).catch(onFault))?.url;
  return url?.startsWith("https://") ? url : undefined;
}
