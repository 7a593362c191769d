import { expect, test } from "vitest";
import { renderMarkdown } from "./blocks/markdown.ts";
import { findBlockFault } from "./blocks/payload.ts";
import { wordsOf } from "./blocks/words.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const section = (text: string) => ({ type: "section", text: mrkdwn(text) });
const button = (more = {}) => ({ type: "button", action_id: "go", text: plain("Go"), value: "1", ...more });
const table = (rows: unknown[][]) => ({ type: "table", rows });
const cell = (text: string) => ({ type: "raw_text", text });
const series = (name: string, labels: string[]) => ({ name, data: labels.map((label, i) => ({ label, value: i })) });
const chart = (more = {}) => ({
  type: "data_visualization",
  title: "Costs",
  chart: { type: "bar", series: [series("EC2", ["Mon", "Tue"])], axis_config: { categories: ["Mon", "Tue"], y_label: "EUR" }, ...more },
});
const days = (count: number) => many(count, (i) => `day ${i}`);
const fold = (child_blocks: unknown[]) => ({
  type: "container",
  title: plain("Show the maths"),
  is_collapsible: true,
  default_collapsed: true,
  child_blocks,
});
const feedback = {
  type: "feedback_buttons",
  action_id: "f",
  positive_button: { text: plain("Yes"), value: "good" },
  negative_button: { text: plain("No"), value: "bad" },
};
const rich = {
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "bold", style: { bold: true } }] }],
};

const GOOD = [
  section("*hello*"),
  { type: "section", fields: [mrkdwn("a"), plain("b")], accessory: button({ style: "danger" }) },
  { type: "header", text: plain("Title") },
  { type: "context", elements: [mrkdwn("small"), { type: "image", slack_file: { id: "F1" }, alt_text: "dot" }] },
  { type: "actions", elements: [button(), { type: "static_select", action_id: "pick", options: [{ text: plain("One"), value: "1" }] }] },
  { type: "markdown", text: "**bold** | and a bar" },
  {
    type: "table",
    rows: [
      [cell("Service"), rich],
      [cell("EC2"), { type: "raw_number", value: 4, text: "4" }],
    ],
    column_settings: [{ align: "left" }, { align: "right", is_wrapped: true }],
  },
  chart(),
  { type: "data_visualization", title: "Share", chart: { type: "pie", segments: [{ label: "EC2", value: 1 }] } },
  { type: "image", slack_file: { id: "F1" }, alt_text: "Costs", title: plain("Costs") },
  fold([section("query"), { type: "divider" }]),
  { type: "context_actions", elements: [feedback, { type: "icon_button", action_id: "x", icon: "trash", text: plain("Delete") }] },
  { type: "divider", block_id: "end" },
  rich,
];

test("takes every block an app may use", () => {
  expect(findBlockFault(GOOD, "message")).toBeUndefined();
  expect(
    findBlockFault([{ type: "data_table", caption: "Costs", rows: [[cell("Service")], [cell("EC2")]], page_size: 10 }], "message"),
  ).toBeUndefined();
  expect(
    findBlockFault([{ type: "input", label: plain("Name"), element: { type: "plain_text_input", action_id: "name" } }], "modal"),
  ).toBeUndefined();
});

test("reads blocks as a person does", () => {
  expect(
    wordsOf([
      section("*hello*"),
      table([[cell("a"), cell("b")]]),
      fold([section("query")]),
      { type: "context_actions", elements: [feedback] },
      rich,
    ]),
  ).toBe("*hello*\na | b\nShow the maths\nquery\nYes\nNo\nbold");
});

const many = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i));
const long = (length: number) => "x".repeat(length);

test.each<[string, string, unknown[]]>([
  ["an unknown type", "unsupported type: marquee [json-pointer:/blocks/0/type]", [{ type: "marquee" }]],
  ["an unknown field", "invalid additional property: colour", [{ ...section("x"), colour: "red" }]],
  ["a section of nothing", "must define either `text` or `fields`", [{ type: "section" }]],
  ["a long section", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]", [section(long(3_001))]],
  ["an empty text", "must be more than 0 characters", [section("")]],
  [
    "eleven fields",
    "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    [{ type: "section", fields: many(11, () => mrkdwn("x")) }],
  ],
  ["a long field", "must be less than 2001 characters", [{ type: "section", fields: [mrkdwn(long(2_001))] }]],
  ["a header in mrkdwn", "must be a plain_text object", [{ type: "header", text: mrkdwn("x") }]],
  ["a long header", "must be less than 151 characters", [{ type: "header", text: plain(long(151)) }]],
  ["eleven context elements", "no more than 10 items", [{ type: "context", elements: many(11, () => mrkdwn("x")) }]],
  ["26 buttons", "no more than 25 items", [{ type: "actions", elements: many(26, (i) => button({ action_id: `a${i}` })) }]],
  ["two buttons of one id", "duplicate action_id: go", [{ type: "actions", elements: [button(), button()] }]],
  ["a long button", "must be less than 76 characters", [{ type: "actions", elements: [button({ text: plain(long(76)) })] }]],
  ["a long value", "must be less than 2001 characters", [{ type: "actions", elements: [button({ value: long(2_001) })] }]],
  ["a style that is none", "must be one of: primary, danger", [{ type: "actions", elements: [button({ style: "default" })] }]],
  ["long markdown", "must be less than 12001 characters", [{ type: "markdown", text: long(12_001) }]],
  [
    "markdown of 12,001 over two blocks",
    "markdown blocks must hold less than 12001",
    [
      { type: "markdown", text: long(6_000) },
      { type: "markdown", text: long(6_001) },
    ],
  ],
  ["101 rows", "no more than 100 items", [table(many(101, () => [cell("x")]))]],
  ["21 columns", "no more than 20 items", [table([many(21, () => cell("x"))])]],
  ["an empty cell", "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]", [table([[cell("")]])]],
  ["uneven rows", "same number of cells", [table([[cell("a"), cell("b")], [cell("a")]])]],
  ["a number without text", "missing required field: text", [table([[{ type: "raw_number", value: 1 }]])]],
  ["a data table without caption", "missing required field: caption", [{ type: "data_table", rows: [[cell("a")], [cell("b")]] }]],
  ["a data table of a header", "no fewer than 2 items", [{ type: "data_table", caption: "c", rows: [[cell("a")]] }]],
  ["a rich header", "unsupported type: rich_text", [{ type: "data_table", caption: "c", rows: [[rich], [cell("b")]] }]],
  [
    "a data table of 10,001 characters",
    "less than 10001 characters",
    [{ type: "data_table", caption: "c", rows: [[cell("a")], [cell(long(10_000))]] }],
  ],
  ["three charts", "no more than 2 data_visualization", [chart(), chart(), chart()]],
  ["unequal series", "data labels must match the axis categories", [chart({ series: [series("EC2", ["Mon"])] })]],
  ["seven series", "no more than 6 items", [chart({ series: many(7, (i) => series(`s${i}`, ["Mon", "Tue"])) })]],
  ["twins among series", "series names must be unique", [chart({ series: [series("a", ["Mon", "Tue"]), series("a", ["Mon", "Tue"])] })]],
  [
    "a point without a value",
    "must be a number",
    [
      chart({
        series: [
          {
            name: "EC2",
            data: [
              { label: "Mon", value: null },
              { label: "Tue", value: 1 },
            ],
          },
        ],
      }),
    ],
  ],
  [
    "a day twice",
    "categories must be unique",
    [chart({ series: [series("EC2", ["Mon", "Mon"])], axis_config: { categories: ["Mon", "Mon"] } })],
  ],
  ["21 points", "no more than 20 items", [chart({ series: [series("EC2", days(21))], axis_config: { categories: days(21) } })]],
  ["a long chart title", "must be less than 51 characters", [{ ...chart(), title: long(51) }]],
  ["a chart in a fold", "unsupported type: data_visualization", [fold([chart()])]],
  ["a chart of two kinds", "unsupported type: combo", [chart({ type: "combo" })]],
  ["a long label", "must be less than 21 characters", [chart({ series: [series(long(21), ["Mon", "Tue"])] })]],
  [
    "a slice of nothing",
    "must be from",
    [chart({ type: "pie", segments: [{ label: "a", value: 0 }], series: undefined, axis_config: undefined })],
  ],
  ["a picture from nowhere", "exactly one of `slack_file` or `image_url`", [{ type: "image", alt_text: "x" }]],
  ["a picture without alt text", "missing required field: alt_text", [{ type: "image", slack_file: { id: "F1" } }]],
  [
    "markdown in a container",
    "unsupported type: markdown [json-pointer:/blocks/0/child_blocks/0/type]",
    [fold([{ type: "markdown", text: "x" }])],
  ],
  ["a data table in a container", "unsupported type: data_table", [fold([{ type: "data_table", caption: "c", rows: [] }])]],
  ["eleven children", "no more than 10 items", [fold(many(11, () => section("x")))]],
  ["a container without title", "must define either `title`", [{ type: "container", child_blocks: [section("x")] }]],
  [
    "collapsed but not collapsible",
    "requires `is_collapsible`",
    [{ type: "container", title: plain("t"), default_collapsed: true, child_blocks: [section("x")] }],
  ],
  ["six context actions", "no more than 5 items", [{ type: "context_actions", elements: many(6, () => feedback) }]],
  [
    "feedback without a value",
    "missing required field: value",
    [{ type: "context_actions", elements: [{ ...feedback, negative_button: { text: plain("No") } }] }],
  ],
  ["an input in a message", "unsupported type: input", [{ type: "input" }]],
  [
    "one block_id twice",
    "block_id already exists: a",
    [
      { type: "divider", block_id: "a" },
      { type: "divider", block_id: "a" },
    ],
  ],
  ["51 blocks", "no more than 50 items allowed [json-pointer:/blocks]", many(51, () => ({ type: "divider" }))],
  [
    "a list in rich text without style",
    "missing required field: style",
    [{ type: "rich_text", elements: [{ type: "rich_text_list", elements: [] }] }],
  ],
])("refuses %s", (_, message, blocks) => {
  const fault = findBlockFault(blocks, "message");

  expect(fault?.code).toBe("invalid_blocks");
  expect(fault?.messages.join("\n")).toContain(message);
});

test("refuses a second table in a message, one that markdown draws too", () => {
  const drawn = { type: "markdown", text: "| a | b |\n| --- | :-: |\n| 1 | 2 |" };

  expect(findBlockFault([table([[cell("a")]]), fold([table([[cell("b")]])])], "message")).toMatchObject({
    code: "invalid_attachments",
    messages: [expect.stringContaining("only_one_table_allowed")],
  });
  expect(findBlockFault([table([[cell("a")]]), drawn], "message")?.code).toBe("invalid_attachments");
  expect(findBlockFault([drawn], "message")).toBeUndefined();
});

test("refuses too many characters over all blocks", () => {
  const blocks = [{ type: "markdown", text: long(11_000) }, section(long(2_201))];

  expect(findBlockFault(blocks, "message")?.code).toBe("msg_blocks_too_long");
  expect(findBlockFault(blocks.slice(0, 1), "message")).toBeUndefined();
});

test("counts the blocks that markdown is rendered into", () => {
  const text = "# One\n\nrun\n\nof text\n---\n```\n# no heading\n| a | b |\n| - | - |\n```\nmore\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend";

  expect(renderMarkdown(text)).toEqual({ blocks: 7, headings: 1, tables: 1 });
  expect(findBlockFault([{ type: "markdown", text: many(26, (i) => `## H${i}\n\ntext`).join("\n\n") }], "message")?.code).toBe(
    "msg_blocks_too_long",
  );
});

test("keeps message blocks off other surfaces", () => {
  expect(findBlockFault([{ type: "markdown", text: "x" }], "home")?.messages[0]).toContain("unsupported type: markdown");
  expect(
    findBlockFault(
      many(51, () => ({ type: "divider" })),
      "home",
    ),
  ).toBeUndefined();
  expect(findBlockFault("no array", "message")?.code).toBe("invalid_blocks_format");
});
