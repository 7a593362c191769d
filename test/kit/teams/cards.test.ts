import { describe, expect, test } from "vitest";
import { cardProblems, cardWords, imageProblems } from "./cards.ts";
import type { Fields } from "./shapes.ts";

function card(...body: Fields[]): Fields {
  return { type: "AdaptiveCard", version: "1.5", body };
}

function png(width: number, height: number, bytes = 30): string {
  const data = Buffer.alloc(bytes);
  data.write("\x89PNG\r\n\x1a\n", 0, "latin1");
  data.writeUInt32BE(width, 16);
  data.writeUInt32BE(height, 20);
  return `data:image/png;base64,${data.toString("base64")}`;
}

const cell = (text: string) => ({ type: "TableCell", items: [{ type: "TextBlock", text }] });

const text = { type: "TextBlock", text: "x" };
const bars = (values: [string, number | null][]) => ({
  type: "Chart.HorizontalBar",
  title: "t",
  fallback: text,
  data: values.map(([x, y]) => ({ x, y })),
});
const sets = (type: string, names: string[][]) => ({
  type,
  title: "t",
  fallback: text,
  data: names.map((xs) => ({ legend: "l", values: xs.map((x) => ({ x, y: 1 })) })),
});

describe("an Adaptive Card", () => {
  test("of the elements we use has no problems", () => {
    const good = card(
      { type: "TextBlock", text: "x" },
      { type: "FactSet", facts: [{ title: "a", value: "b" }] },
      { type: "Table", columns: [{ width: 1 }], rows: [{ type: "TableRow", cells: [cell("x")] }] },
      { type: "Container", id: "m", items: [{ type: "TextBlock", text: "y" }] },
      { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title: "t", targetElements: ["m"] }] },
      { type: "Image", url: png(10, 10), altText: "z" },
      bars([["b", 1]]),
      sets("Chart.Line", [["c"]]),
    );

    expect(cardProblems(good)).toEqual([]);
    expect(cardWords(good)).toEqual(["x", "a", "b", "x", "y", "t", "z", "t", "x", "b", "t", "x", "l", "c"]);
  });

  const bad: [string, Fields][] = [
    ["no body", card()],
    ["another version", { ...card({ type: "TextBlock", text: "x" }), version: "1.6" }],
    ["more than 25 kB", card({ type: "TextBlock", text: "x".repeat(25_000) })],
    ["an unknown element", card({ type: "Chart.Gantt" })],
    ["a block without text", card({ type: "TextBlock", text: "" })],
    ["a heading", card({ type: "TextBlock", text: "# x" })],
    ["a markdown table", card({ type: "TextBlock", text: "| a | b |" })],
    ["half a character", card({ type: "TextBlock", text: "x\ud800" })],
    ["a row that is too short", card({ type: "Table", columns: [{}, {}], rows: [{ type: "TableRow", cells: [cell("x")] }] })],
    [
      "a button for nothing",
      card({ type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title: "t", targetElements: ["gone"] }] }),
    ],
    ["seven buttons", card({ type: "ActionSet", actions: Array(7).fill({ type: "Action.Submit", title: "t" }) })],
    ["a picture without words", card({ type: "Image", url: png(10, 10) })],
    ["a chart without data", card({ ...bars([]) })],
    ["a chart that says nothing where there are no charts", card({ ...bars([["a", 1]]), fallback: undefined })],
    ["a chart nobody can read aloud", card({ ...bars([["a", 1]]), title: "" })],
    ["a bar below zero", card(bars([["a", -1]]))],
    [
      "two bars of one name",
      card(
        bars([
          ["a", 1],
          ["a", 2],
        ]),
      ),
    ],
    ["a bar without a figure", card(bars([["a", null]]))],
    ["five sets of bars", card(sets("Chart.VerticalBar.Grouped", Array(5).fill(["a"])))],
    ["a line across a gap", card(sets("Chart.Line", [["a", "b"], ["a"]]))],
  ];
  for (const [what, broken] of bad) test(`has a problem: ${what}`, () => expect(cardProblems(broken)).toHaveLength(1));
});

describe("an image", () => {
  test("is https or a small PNG as data", () => {
    expect(imageProblems("https://x.example/a.png")).toEqual([]);
    expect(imageProblems(png(1_024, 1_024))).toEqual([]);
  });

  for (const [what, url] of [
    ["plain http", "http://x.example/a.png"],
    ["a GIF", "data:image/gif;base64,R0lGOD"],
    ["no PNG", "data:image/png;base64,AAAAAAAA"],
    ["too wide", png(1_025, 10)],
    ["too heavy", png(10, 10, 46_000)],
    ["nothing", undefined],
  ] as const)
    test(`is not ${what}`, () => expect(imageProblems(url)).toHaveLength(1));
});
