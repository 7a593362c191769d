import type { KnownBlock } from "@slack/types";
import { formatInstant } from "../../core/format.ts";
import type { ApprovalBlock, Block, ChartBlock, KpisBlock, MarkdownBlock, ProgressBlock } from "../../core/reply.ts";
import { renderTable } from "./render-table.ts";
import { context, mrkdwn } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

const LIMITS = { fields: 10, field: 300, alt: 1_000, title: 150, lines: 2_000 } as const;

/** Each inner list stays together in one message; none when there is nothing to show. `file` is the id of a chart's uploaded picture. */
export function renderBlock(block: Exclude<Block, MarkdownBlock>, file: string | undefined): KnownBlock[][] {
  switch (block.type) {
    case "table":
      return [renderTable(block)];
    case "chart":
      return [[renderChart(block, file)]];
    case "kpis":
      return renderKpis(block);
    case "progress":
      return [[renderProgress(block)]];
    case "approval":
      return [[renderApproval(block)]];
  }
}

/** A picture by its file id: Slack never fetches an address for it. Without a picture the alt text says the finding. */
function renderChart(chart: ChartBlock, file: string | undefined): KnownBlock {
  const alt = altOf(chart);
  return file ? { type: "image", slack_file: { id: file }, alt_text: alt } : context(alt);
}

/** Slack takes no picture without words. */
export function altOf({ alt, title }: ChartBlock): string {
  return within(alt.trim() || title.trim() || "A chart", LIMITS.alt);
}

function renderKpis({ items }: KpisBlock): KnownBlock[][] {
  const fields = items.map(({ label, value, change }) =>
    mrkdwn(escapedWithin(label, LIMITS.field), `${escapedWithin(value, LIMITS.field)}${change ? ` (${escapedWithin(change, 100)})` : ""}`),
  );
  const groups = Array.from({ length: Math.ceil(fields.length / LIMITS.fields) }, (_, i) =>
    fields.slice(i * LIMITS.fields, (i + 1) * LIMITS.fields),
  );
  return groups.map((group): KnownBlock[] => [{ type: "section", fields: group }]);
}

function renderProgress({ label, done, total }: ProgressBlock): KnownBlock {
  return context(`${label}: ${done}${total ? ` of ${total}` : ""}`);
}

function renderApproval({ title, lines, expiresAt }: ApprovalBlock): KnownBlock {
  const body = [...lines, `Expires ${formatInstant(expiresAt)}.`].join("\n");
  return { type: "section", text: mrkdwn(escapedWithin(title, LIMITS.title), escapedWithin(body, LIMITS.lines)) };
}
