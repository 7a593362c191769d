import type { KnownBlock } from "@slack/types";
import { formatInstant } from "../../core/format.ts";
import type { ApprovalBlock, Block, ChartBlock, KpisBlock, MarkdownBlock, ProgressBlock } from "../../core/reply.ts";
import { NATIVE_TITLE, renderNativeChart } from "./native-chart.ts";
import { ACTIONS } from "./render-foot.ts";
import { renderTable } from "./render-table.ts";
import { context, mrkdwn, section } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

const LIMITS = { fields: 10, field: 300, alt: 1_000, caption: 400, title: 150, lines: 2_000 } as const;

/** How a chart is drawn: by its uploaded picture, or by Slack itself under its place among the blocks. Without either it is told in words. */
export type Drawing = { file: string } | { native: number } | undefined;

/** Each inner list stays together in one message; none when there is nothing to show. `drawing` is of a chart. */
export function renderBlock(block: Exclude<Block, MarkdownBlock>, drawing: Drawing): KnownBlock[][] {
  switch (block.type) {
    case "table":
      return [renderTable(block)];
    case "chart":
      return [renderChart(block, drawing)];
    case "kpis":
      return renderKpis(block);
    case "progress":
      return [[renderProgress(block)]];
    case "approval":
      return [renderApproval(block)];
  }
}

/**
 * A picture by its file id: Slack never fetches an address for it. Slack's own charts have no alt text, so the finding stands below
 * them, and a title that is too long for them above.
 */
export function renderChart(chart: ChartBlock, drawing: Drawing): KnownBlock[] {
  const alt = altOf(chart);
  if (drawing && "file" in drawing) return [{ type: "image", slack_file: { id: drawing.file }, alt_text: alt }];
  if (!drawing || !chart.plain) return [context(alt)];
  const title = chart.title.trim();
  return [
    ...(title.length > NATIVE_TITLE ? [section(`*${escapedWithin(title, LIMITS.title)}*`)] : []),
    renderNativeChart(title, chart.plain, drawing.native),
    context(within(alt.startsWith(title) ? alt.slice(title.length).replace(/^[\s.:]+/, "") || alt : alt, LIMITS.caption)),
  ];
}

/** Slack takes no picture without words. */
export function altOf({ alt, title }: ChartBlock): string {
  return within(alt.trim() || title.trim() || "A chart", LIMITS.alt);
}

function renderKpis({ items }: KpisBlock): KnownBlock[][] {
  const fields = items.map(kpiField);
  const groups = Array.from({ length: Math.ceil(fields.length / LIMITS.fields) }, (_, i) =>
    fields.slice(i * LIMITS.fields, (i + 1) * LIMITS.fields),
  );
  return groups.map((group): KnownBlock[] => [{ type: "section", fields: group }]);
}

export function kpiField({ label, value, change }: { label: string; value: string; change?: string }) {
  return mrkdwn(
    escapedWithin(label, LIMITS.field),
    `${escapedWithin(value, LIMITS.field)}${change ? ` (${escapedWithin(change, 100)})` : ""}`,
  );
}

function renderProgress({ label, done, total }: ProgressBlock): KnownBlock {
  return context(`${label}: ${done}${total ? ` of ${total}` : ""}`);
}

/** A press is a message like any other, from whoever pressed. */
function renderApproval({ id, title, lines, expiresAt, outcome }: ApprovalBlock): KnownBlock[] {
  const body = [...lines, outcome ?? `Expires ${formatInstant(expiresAt)}.`].join("\n");
  const button = (verdict: "approve" | "reject", label: string) => ({
    type: "button" as const,
    action_id: `${ACTIONS.decide}:${verdict}`,
    text: { type: "plain_text" as const, text: label },
    value: `${verdict} ${id}`,
    ...(verdict === "approve" ? { style: "primary" as const } : {}),
  });
  const words: KnownBlock = { type: "section", text: mrkdwn(escapedWithin(title, LIMITS.title), escapedWithin(body, LIMITS.lines)) };
  if (outcome !== undefined) return [words];
  return [words, { type: "actions", elements: [button("approve", "Approve"), button("reject", "Reject")] }];
}
