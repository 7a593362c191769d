import type { Fields } from "../shapes.ts";
import type { Report } from "./report.ts";

/** Leaf type → its fields beside `type` and `style`. */
const LEAVES: Readonly<Record<string, readonly [required: string, optional: string]>> = {
  text: ["text", ""],
  link: ["url", "text unsafe"],
  emoji: ["name", "unicode skin_tone"],
  user: ["user_id", ""],
  channel: ["channel_id", ""],
  usergroup: ["usergroup_id", ""],
  team: ["team_id", ""],
  broadcast: ["range", ""],
  color: ["value", ""],
  date: ["timestamp format", "url fallback"],
};

export function checkRichText(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type elements", "block_id");
  for (const [i, item] of report.list(block.elements, `${at}/elements`).entries()) checkPart(report, item, `${at}/elements/${i}`);
}

function checkPart(report: Report, value: unknown, at: string): void {
  const part = report.object(value, at);
  if (!part) return;
  if (part.type === "rich_text_list") {
    report.fields(part, at, "type elements style", "indent offset border");
    report.oneOf(part.style, `${at}/style`, ["bullet", "ordered"]);
    for (const [i, item] of report.list(part.elements, `${at}/elements`).entries()) checkPart(report, item, `${at}/elements/${i}`);
  } else if (["rich_text_section", "rich_text_quote", "rich_text_preformatted"].includes(part.type as string)) {
    report.fields(part, at, "type elements", "border");
    for (const [i, item] of report.list(part.elements, `${at}/elements`, { min: 0 }).entries())
      checkLeaf(report, item, `${at}/elements/${i}`);
  } else report.add(`unsupported type: ${String(part.type)}`, `${at}/type`);
}

function checkLeaf(report: Report, value: unknown, at: string): void {
  const leaf = report.object(value, at);
  if (!leaf) return;
  const known = LEAVES[leaf.type as string];
  if (!known) {
    report.add(`unsupported type: ${String(leaf.type)}`, `${at}/type`);
    return;
  }
  report.fields(leaf, at, `type ${known[0]}`, `style ${known[1]}`);
  if (leaf.type === "text") report.string(leaf.text, `${at}/text`);
}
