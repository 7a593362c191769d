import { expect, it } from "vitest";
import { type PdfLine, toPdf } from "../../src/api/agents/pdf.ts";

const row = (i: number): PdfLine => ({ style: "row", text: `row ${i}` });
const textsOf = (pdf: Buffer) =>
  pdf
    .toString("latin1")
    .split("endstream")
    .map((page) => [...page.matchAll(/\(((?:[^\\)]|\\.)*)\) Tj/g)].map(([, text]) => text ?? ""))
    .filter((texts) => texts.length > 0);

it("goes on over pages, each with the head of its table and its number", () => {
  const lines: PdfLine[] = [
    { style: "heading", text: "Agent" },
    { style: "head", text: "date" },
    ...Array.from({ length: 80 }, (_, i) => row(i)),
  ];

  const pages = textsOf(toPdf(lines, "Agent", "made today"));

  expect(pages.map((texts) => texts.at(-1))).toEqual(["made today  -  page 1 of 2", "made today  -  page 2 of 2"]);
  expect(pages[1]?.[0]).toBe("date");
  expect(pages.flat().filter((text) => text.startsWith("row "))).toEqual(Array.from({ length: 80 }, (_, i) => `row ${i}`));
});

it("has a table of contents that points to where its objects are, and letters that cannot end a text early", () => {
  const pdf = toPdf([{ text: "a (b) \\ ü 漢" }], "t").toString("latin1");

  const starts = [...pdf.matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
  expect(starts.map((at, i) => pdf.slice(at).startsWith(`${i + 1} 0 obj`))).toEqual(starts.map(() => true));
  expect(Number(/startxref\n(\d+)/.exec(pdf)?.[1])).toBe(pdf.indexOf("xref\n"));
  expect(pdf).toContain("(a \\(b\\) \\\\ \xfc ?) Tj");
});
