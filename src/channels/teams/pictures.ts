import type { Activity } from "botbuilder";
import type { Reply } from "../../core/reply.ts";
import { within } from "./text.ts";

/** Of the picture as base64: a message is about 100 KB in all. */
export const PICTURE_LENGTH = 60_000;
/** Pixels, widest first; Teams shows no more of an image than the first. */
const WIDTHS = [1_024, 800, 600] as const;
const MOST = 2;

type RenderPng = (spec: Readonly<Record<string, unknown>>, size: { width: number }) => Promise<Buffer>;

/** The first charts as messages of their own, by their place among the blocks. One that cannot be drawn or is too large is left out. */
export async function renderPictures(
  reply: Reply,
  renderPng: RenderPng,
  onFault: (error: unknown) => void,
): Promise<Map<number, Partial<Activity>>> {
  const pictures = new Map<number, Partial<Activity>>();
  for (const [index, block] of (reply.blocks ?? []).entries()) {
    if (block.type !== "chart" || pictures.size >= MOST) continue;
    const contentUrl = await draw(block.spec, renderPng).catch(onFault);
    if (!contentUrl) continue;
    const attachment = { contentType: "image/png", contentUrl, name: within(block.alt || block.title, 250) };
    pictures.set(index, { type: "message", attachments: [attachment] });
  }
  return pictures;
}

async function draw(spec: Readonly<Record<string, unknown>>, renderPng: RenderPng): Promise<string | undefined> {
  for (const width of WIDTHS) {
    const base64 = (await renderPng(spec, { width })).toString("base64");
    if (base64.length <= PICTURE_LENGTH) return `data:image/png;base64,${base64}`;
  }
  return undefined;
}
