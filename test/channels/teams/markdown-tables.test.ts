import { describe, expect, test } from "vitest";
import { splitTables, tableStart } from "../../../src/channels/teams/markdown-tables.ts";
import { settledText } from "../../../src/channels/teams/text.ts";

const TABLE = "| service | cost |\n| --- | ---: |\n| **EC2** | 10 |\n| [S3](https://x.example) | `4` |";

describe("a table in markdown", () => {
  test("is a table with its headings, its cells without markup, and figures to the right", () => {
    expect(splitTables(TABLE)).toEqual([
      {
        type: "table",
        columns: [
          { label: "service", type: "text" },
          { label: "cost", type: "number" },
        ],
        rows: [
          ["EC2", "10"],
          ["S3", "4"],
        ],
      },
    ]);
  });

  test("stands between the words around it, in their order", () => {
    const parts = splitTables(`Before:\n\n${TABLE}\n\nafter, with a | in it.\n\n${TABLE}`);

    expect(parts.map((part) => (part.type === "markdown" ? part.text : part.rows.length))).toEqual([
      "Before:",
      2,
      "after, with a | in it.",
      2,
    ]);
  });

  test("keeps an escaped bar in its cell, and a row with fewer or more cells within its columns", () => {
    const [table] = splitTables("a | b\n--- | ---\nx \\| y | 2\nonly |\n1 | 2 | 3");

    expect(table).toMatchObject({
      rows: [
        ["x | y", "2"],
        ["only", ""],
        ["1", "2"],
      ],
    });
  });

  test.each([
    ["in a fence", `\`\`\`\n${TABLE}\n\`\`\``],
    ["without a line below its head", "| a | b |\n| 1 | 2 |"],
    ["whose line has another number of cells", "a | b\n--- | --- | ---\n1 | 2"],
    ["that is a rule below a heading", "A heading\n---\nwords"],
  ])("is none %s", (_, markdown) => {
    expect(splitTables(markdown)).toEqual([{ type: "markdown", text: markdown }]);
  });
});

describe("a text that grows into a table", () => {
  test("is shown up to it, whatever has come of it yet", () => {
    const whole = `The bill:\n\n${TABLE}\n\nDone.`;

    for (let end = "The bill:\n\n|".length; end <= whole.length; end++) expect("The bill:").toContain(settledText(whole.slice(0, end)));
  });

  test("goes on being shown where a bar is only a bar", () => {
    expect(tableStart("either | or\nand more")).toBe(-1);
    expect(settledText("either | or\nand so it goes on")).toBe("either | or\nand so it goes");
  });
});
