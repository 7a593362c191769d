import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Receipt } from "../core/fact.ts";
import { formatInstant } from "../core/format.ts";
import type { ChartBlock } from "../core/reply.ts";
import type { Finding } from "../core/tool.ts";

/** Characters of text one answer may have: about 25,000 tokens. */
const MOST_TEXT = 100_000;
/** Bytes of one picture, before base64. */
const MOST_PICTURE = 262_144;
const MOST_PICTURES = 2;

/** A finding as MCP gives it: words with their sources, data for code, and pictures for people. */
export async function toResult(
  { content, data, blocks, receipts, suggestions }: Finding,
  draw: (chart: ChartBlock) => Promise<Buffer | undefined>,
): Promise<CallToolResult> {
  const charts = blocks.filter((block): block is ChartBlock => block.type === "chart").slice(0, MOST_PICTURES);
  const pictures = await Promise.all(charts.map(draw));
  return {
    content: [
      { type: "text", text: withSources(content, receipts) },
      ...pictures.flatMap((png) => (png && png.length <= MOST_PICTURE ? [picture(png)] : [])),
    ],
    ...(isRecord(data) ? { structuredContent: plain(data) } : {}),
    _meta: { "firstmate/receipts": plain({ receipts }).receipts, "firstmate/suggestions": suggestions ?? [] },
  };
}

export function refusal(message: string, suggestions: readonly string[] = []): CallToolResult {
  const next = suggestions.length ? `\n\nThis would work: ${suggestions.join(" · ")}` : "";
  return { content: [{ type: "text", text: `${message}${next}` }], isError: true };
}

function picture(png: Buffer) {
  return { type: "image" as const, data: png.toString("base64"), mimeType: "image/png", annotations: { audience: ["user" as const] } };
}

function withSources(content: string, receipts: readonly Receipt[]): string {
  const text = content.length > MOST_TEXT ? `${content.slice(0, MOST_TEXT)}\n\n(cut here: ask for less, or for one part)` : content;
  return receipts.length ? `${text}\n\nSources:\n${receipts.map(receiptLine).join("\n")}` : text;
}

/** "- bill (bills/focus.csv): sum of cost by service (demo, provisional since 2026-11-19; read 21 November 2026 17:55 UTC)". */
export function receiptLine({ source, query, status, provisional, truncated, notes = [], fetchedAt }: Receipt): string {
  const said = [status, provisional ? `provisional ${provisional}` : "", truncated ?? "", ...notes].filter(Boolean).join(", ");
  return `- ${source}: ${query} (${said}; read ${formatInstant(fetchedAt)})`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As it goes over the wire: dates become text. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
