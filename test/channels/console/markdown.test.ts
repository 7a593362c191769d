import { describe, expect, it } from "vitest";
import { fc } from "../../kit/property.ts";
import { pageModule } from "./page-module.ts";

interface Node {
  type: string;
  text?: string;
  href?: string;
  level?: number;
  ordered?: boolean;
  start?: number;
  align?: (string | null)[];
  children?: Node[];
  items?: Node[][];
  head?: Node[][];
  rows?: Node[][][];
}

const { parseMarkdown } = await pageModule<{ parseMarkdown(text: string): Node[] }>("render/markdown.js");

describe("markdown of answers", () => {
  it("reads paragraphs, keeping the line ends of chat", () => {
    expect(parseMarkdown("one\ntwo\n\nthree")).toEqual([
      { type: "paragraph", children: [text("one"), { type: "break" }, text("two")] },
      { type: "paragraph", children: [text("three")] },
    ]);
  });

  it("reads emphasis, code and their mixtures", () => {
    expect(inline("**80 %** of *all*, `a*b*` and **a *b* `c`**")).toEqual([
      { type: "strong", children: [text("80 %")] },
      text(" of "),
      { type: "em", children: [text("all")] },
      text(", "),
      { type: "code", text: "a*b*" },
      text(" and "),
      { type: "strong", children: [text("a "), { type: "em", children: [text("b")] }, text(" "), { type: "code", text: "c" }] },
    ]);
  });

  it.each(["sub_account_name", "2 * 3 * 4", "5 ** 2", "a*", "**", "_", "`", "[", "![", "cost_by_service and by_team", "[1] and (2)"])(
    "leaves %j as it is written",
    (source) => {
      expect(plain(parseMarkdown(source))).toBe(source);
    },
  );

  it("takes a backslash as the end of a sign's meaning", () => {
    expect(inline("\\*not\\* \\[x\\](https://a.example)")[0]).toEqual(text("*not* [x]("));
  });

  it("reads headings, rules, quotes and code blocks", () => {
    expect(parseMarkdown("## Costs ##\n---\n> said\n> *so*\n```sql\nSELECT *\n  FROM bill\n```\nend")).toEqual([
      { type: "heading", level: 2, children: [text("Costs")] },
      { type: "rule" },
      {
        type: "quote",
        children: [{ type: "paragraph", children: [text("said"), { type: "break" }, { type: "em", children: [text("so")] }] }],
      },
      { type: "code", text: "SELECT *\n  FROM bill" },
      { type: "paragraph", children: [text("end")] },
    ]);
  });

  it("shows a code block that is still being streamed", () => {
    expect(parseMarkdown("```\nSELECT")).toEqual([{ type: "code", text: "SELECT" }]);
  });

  it("reads lists within lists", () => {
    const [list] = parseMarkdown("3. first\n   - inner\n   - other\n4. second\n\n   more\n5. third");

    expect(list).toMatchObject({ type: "list", ordered: true, start: 3 });
    expect(list?.items?.map((item) => item.map(({ type }) => type))).toEqual([
      ["paragraph", "list"],
      ["paragraph", "paragraph"],
      ["paragraph"],
    ]);
    expect(list?.items?.[0]?.[1]?.items?.map(plain)).toEqual(["inner", "other"]);
  });

  it("ends a list where another kind begins", () => {
    expect(parseMarkdown("- a\n- b\n1. c\n\nafter").map(({ type }) => type)).toEqual(["list", "list", "paragraph"]);
  });

  it("reads simple tables, filling short rows", () => {
    const [table] = parseMarkdown("| Name | Cost |\n|:--|--:|\n| a \\| b | **1** |\n| c |\n\nafter");

    expect(table).toMatchObject({ type: "table", align: ["start", "end"] });
    expect(table?.head?.map(plain)).toEqual(["Name", "Cost"]);
    expect(table?.rows?.map((row) => row.map(plain))).toEqual([
      ["a | b", "1"],
      ["c", ""],
    ]);
  });

  it("follows links to the web and no others", () => {
    expect(inline('[docs](https://a.example/x_(y)?q=1 "t")')).toEqual([
      { type: "link", href: "https://a.example/x_(y)?q=1", children: [text("docs")] },
    ]);
    expect(inline("see https://a.example/b.")).toEqual([
      text("see "),
      { type: "link", href: "https://a.example/b", children: [text("https://a.example/b")] },
      text("."),
    ]);
    for (const href of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "file:///etc/passwd",
      "//a.example",
      "/local",
      "&#106;avascript:x",
    ]) {
      expect(links(parseMarkdown(`[click](${href}) <a href="${href}">x</a>`)), href).toEqual([]);
    }
  });

  it("keeps the words of a link it does not follow", () => {
    expect(plain(parseMarkdown("a [label](javascript:alert) b"))).toBe("a label b");
  });

  it("never shows pictures, only their description", () => {
    expect(parseMarkdown("![a chart](https://evil.example/pixel.png) end")).toEqual([
      { type: "paragraph", children: [text("a chart end")] },
    ]);
  });

  it("takes HTML for text", () => {
    const source = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

    expect(plain(parseMarkdown(source))).toBe(source);
  });

  it("reads anything without failing, and finds only web addresses in it", () => {
    const pieces = fc.constantFrom(
      "*",
      "**",
      "_",
      "`",
      "```",
      "[",
      "](",
      ")",
      "!",
      "|",
      "-",
      "1. ",
      "> ",
      "# ",
      "\n",
      "  ",
      "https://a.example",
      "javascript:",
      "<b>",
      "word",
      "\\",
      "é",
      "ع",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 60 }), (parts) => {
        for (const href of links(parseMarkdown(parts.join("")))) expect(href).toMatch(/^https?:\/\//);
      }),
    );
  });

  it("does not lose itself in depth or length", () => {
    for (const source of [
      "> ".repeat(5000),
      "- ".repeat(5000),
      "**a ".repeat(20_000),
      "**a ".repeat(4_900),
      "*a ".repeat(6_500),
      "[a](".repeat(4_900),
      "`".repeat(19_900),

      "[".repeat(50_000),
      "*".repeat(50_000),
      "|-".repeat(20_000),
    ]) {
      expect(parseMarkdown(source).length).toBeGreaterThan(0);
    }
  });
});

function text(value: string): Node {
  return { type: "text", text: value };
}

function inline(source: string): Node[] {
  const [paragraph, ...rest] = parseMarkdown(source);
  expect(rest).toEqual([]);
  return paragraph?.children ?? [];
}

function below(node: Node): Node[] {
  return [node.children ?? [], ...(node.items ?? []), ...(node.head ?? []), ...(node.rows ?? []).flat()].flat();
}

function plain(nodes: readonly Node[]): string {
  return nodes.map((node) => (node.text ?? "") + plain(below(node))).join("");
}

function links(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => [...(node.href === undefined ? [] : [node.href]), ...links(below(node))]);
}
