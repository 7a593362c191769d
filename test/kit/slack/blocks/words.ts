import { type Fields, fieldsOf, isFields, listOf, stringOf } from "../shapes.ts";

/** All words a reader sees in blocks, block by block, as plain text. Markup inside a text stays as it is. */
export function wordsOf(blocks: readonly Fields[]): string {
  return blocks.map(wordsOfBlock).filter(Boolean).join("\n");
}

export function wordsOfBlock(block: Fields): string {
  switch (block.type) {
    case "markdown":
      return stringOf(block.text);
    case "table":
    case "data_table": {
      const rows = Array.isArray(block.rows) ? block.rows : [];
      return [stringOf(block.caption), ...rows.map((row) => listOf(row).map(cellWords).join(" | "))].filter(Boolean).join("\n");
    }
    case "image":
      return `[image: ${stringOf(block.alt_text)}]`;
    case "data_visualization":
      return `[chart: ${stringOf(block.title)}]`;
    case "container":
      return [textOf(block.title), textOf(block.subtitle), wordsOf(listOf(block.child_blocks))].filter(Boolean).join("\n");
    case "rich_text":
      return richWords(block);
    default:
      return otherWords(block);
  }
}

function otherWords(block: Fields): string {
  const elements = listOf(block.elements).flatMap((e) => [
    textOf(e.text),
    stringOf(e.text),
    stringOf(e.alt_text),
    textOf(fieldsOf(e.positive_button).text),
    textOf(fieldsOf(e.negative_button).text),
  ]);
  return [textOf(block.text), ...listOf(block.fields).map((f) => stringOf(f.text)), ...elements, textOf(block.label)]
    .filter(Boolean)
    .join("\n");
}

function textOf(value: unknown): string {
  return stringOf(fieldsOf(value).text);
}

function cellWords(cell: Fields): string {
  return cell.type === "rich_text" ? richWords(cell) : stringOf(cell.text);
}

function richWords(part: Fields): string {
  const own = part.type === "user" ? `@${stringOf(part.user_id)}` : stringOf(part.text) || (part.type === "link" ? stringOf(part.url) : "");
  const separator = part.type === "rich_text" || part.type === "rich_text_list" ? "\n" : "";
  return own + listOf(part.elements).map(richWords).join(separator);
}

/** Every object in blocks, however deep. */
export function* walk(value: unknown): Generator<Fields> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  else if (isFields(value)) {
    yield value;
    for (const item of Object.values(value)) yield* walk(item);
  }
}
