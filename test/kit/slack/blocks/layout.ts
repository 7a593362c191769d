import { type Fields, isFields } from "../shapes.ts";
import { checkChart } from "./chart.ts";
import { checkButton, checkFeedback, checkIconButton, checkImageElement, checkPicture, checkSelect, checkTextInput } from "./elements.ts";
import type { Report } from "./report.ts";
import { checkRichText } from "./rich-text.ts";
import { checkDataTable, checkTable } from "./tables.ts";
import { checkPlain, checkText } from "./text.ts";

/** Where blocks are shown. Some block types exist on messages only, inputs only elsewhere. */
export type Surface = "message" | "home" | "modal";

type Check = (report: Report, block: Fields, at: string) => void;

const SELECTS: Readonly<Record<string, Check>> = {
  static_select: checkSelect,
  overflow: checkSelect,
  radio_buttons: checkSelect,
  checkboxes: checkSelect,
};
const PRESSABLE: Readonly<Record<string, Check>> = { button: checkButton, ...SELECTS };

export const BLOCKS: Readonly<Record<string, Check>> = {
  section: checkSection,
  header: (report, block, at) => {
    report.fields(block, at, "type text", "block_id level");
    checkPlain(report, block.text, `${at}/text`, 150);
  },
  context: checkContext,
  actions: checkActions,
  divider: (report, block, at) => report.fields(block, at, "type", "block_id"),
  markdown: (report, block, at) => {
    report.fields(block, at, "type text", "block_id");
    report.string(block.text, `${at}/text`, { max: 12_000 });
  },
  image: (report, block, at) => {
    report.fields(block, at, "type alt_text", "block_id slack_file image_url title");
    checkPicture(report, block, at);
    if (block.title !== undefined) checkPlain(report, block.title, `${at}/title`, 2_000);
  },
  rich_text: checkRichText,
  table: checkTable,
  data_table: checkDataTable,
  data_visualization: checkChart,
  container: checkContainer,
  context_actions: checkContextActions,
  input: checkInput,
};

const MESSAGE_ONLY = new Set(["markdown", "table", "data_visualization", "context_actions"]);
/** What both Slack's page and its live validator take inside a container. */
const IN_CONTAINER = new Set(["actions", "context", "divider", "header", "image", "section", "table"]);

export function checkBlock(report: Report, value: unknown, at: string, surface: Surface): void {
  const block = report.object(value, at);
  if (!block) return;
  const check = BLOCKS[block.type as string];
  const offSurface = surface === "message" ? block.type === "input" : MESSAGE_ONLY.has(block.type as string);
  if (!check || offSurface) {
    report.add(`unsupported type: ${String(block.type)}`, `${at}/type`);
    return;
  }
  report.optionalString(block.block_id, `${at}/block_id`, { max: 255 });
  check(report, block, at);
}

function checkSection(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type", "text fields accessory block_id expand");
  if (block.text === undefined && block.fields === undefined) report.add("must define either `text` or `fields`", at);
  if (block.text !== undefined) checkText(report, block.text, `${at}/text`);
  if (block.fields !== undefined) {
    for (const [i, field] of report.list(block.fields, `${at}/fields`, { max: 10 }).entries())
      checkText(report, field, `${at}/fields/${i}`, { max: 2_000 });
  }
  if (block.accessory !== undefined) checkElement(report, block.accessory, `${at}/accessory`, { ...PRESSABLE, image: checkImageElement });
}

function checkContext(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type elements", "block_id");
  for (const [i, element] of report.list(block.elements, `${at}/elements`, { max: 10 }).entries()) {
    const where = `${at}/elements/${i}`;
    if (isFields(element) && element.type === "image") checkImageElement(report, element, where);
    else checkText(report, element, where);
  }
}

function checkActions(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type elements", "block_id");
  const seen = new Set<unknown>();
  for (const [i, element] of report.list(block.elements, `${at}/elements`, { max: 25 }).entries()) {
    checkElement(report, element, `${at}/elements/${i}`, PRESSABLE);
    const id = isFields(element) ? element.action_id : undefined;
    if (id !== undefined && seen.has(id)) report.add(`duplicate action_id: ${String(id)}`, `${at}/elements/${i}/action_id`);
    seen.add(id);
  }
}

function checkContextActions(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type elements", "block_id");
  for (const [i, element] of report.list(block.elements, `${at}/elements`, { max: 5 }).entries()) {
    checkElement(report, element, `${at}/elements/${i}`, { feedback_buttons: checkFeedback, icon_button: checkIconButton });
  }
}

function checkElement(report: Report, value: unknown, at: string, kinds: Readonly<Record<string, Check>>): void {
  const element = report.object(value, at);
  if (!element) return;
  const check = kinds[element.type as string];
  if (check) check(report, element, at);
  else report.add(`unsupported type: ${String(element.type)}`, `${at}/type`);
}

function checkContainer(report: Report, block: Fields, at: string): void {
  report.fields(
    block,
    at,
    "type child_blocks",
    "block_id title rich_text_title subtitle width icon is_collapsible default_collapsed has_header_divider",
  );
  if (block.title === undefined && block.rich_text_title === undefined) report.add("must define either `title` or `rich_text_title`", at);
  if (block.title !== undefined) checkPlain(report, block.title, `${at}/title`, 150);
  if (block.subtitle !== undefined) checkText(report, block.subtitle, `${at}/subtitle`, { max: 150 });
  if (block.width !== undefined) report.oneOf(block.width, `${at}/width`, ["narrow", "standard", "wide", "full"]);
  report.optionalBoolean(block.is_collapsible, `${at}/is_collapsible`);
  report.optionalBoolean(block.default_collapsed, `${at}/default_collapsed`);
  if (block.default_collapsed === true && block.is_collapsible !== true) report.add("`default_collapsed` requires `is_collapsible`", at);
  for (const [i, child] of report.list(block.child_blocks, `${at}/child_blocks`, { max: 10 }).entries()) {
    const where = `${at}/child_blocks/${i}`;
    if (isFields(child) && BLOCKS[child.type as string] && !IN_CONTAINER.has(child.type as string))
      report.add(`unsupported type: ${String(child.type)}`, `${where}/type`);
    else checkBlock(report, child, where, "message");
  }
}

function checkInput(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type label element", "block_id hint optional dispatch_action");
  checkPlain(report, block.label, `${at}/label`, 2_000);
  if (block.hint !== undefined) checkPlain(report, block.hint, `${at}/hint`, 2_000);
  checkElement(report, block.element, `${at}/element`, { plain_text_input: checkTextInput, ...SELECTS });
}
