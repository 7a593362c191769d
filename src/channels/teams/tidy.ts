import type { Block, ChartBlock, Reply } from "../../core/reply.ts";
import { splitTables } from "./markdown-tables.ts";

/**
 * A reply as Teams can show it: tables in markdown become tables of the card, which neither a message nor a card's text knows, and what is
 * empty is left out, since Teams refuses a whole card for one empty element. The same again when given its own result.
 */
export function tidied(reply: Reply): Reply {
  const parts = splitTables(reply.text);
  const words = parts.filter((part) => part.type === "markdown");
  const tables = parts.filter((part) => part.type === "table");
  return {
    ...reply,
    text: tables.length === 0 ? reply.text : words.map(({ text }) => text).join("\n\n"),
    blocks: [...tables, ...(reply.blocks ?? []).flatMap(tidyBlock)],
    suggestions: (reply.suggestions ?? []).filter(isWords),
  };
}

function tidyBlock(block: Block): Block[] {
  switch (block.type) {
    case "markdown":
      return splitTables(block.text);
    case "table":
      return block.columns.length > 0 ? [block] : [];
    case "chart":
      return [{ ...block, title: titleOf(block) }];
    case "kpis": {
      const items = block.items.filter(({ label, value }) => isWords(label) && isWords(value));
      return items.length > 0 ? [{ ...block, items }] : [];
    }
    case "progress":
      return isWords(block.label) ? [block] : [];
    case "approval":
      return [{ ...block, title: isWords(block.title) ? block.title : "Approval", lines: block.lines.filter(isWords) }];
  }
}

/** Charts are read aloud by their title. */
function titleOf({ title, alt }: ChartBlock): string {
  return [title, alt].find(isWords) ?? "Chart";
}

function isWords(text: string): boolean {
  return text.trim() !== "";
}
