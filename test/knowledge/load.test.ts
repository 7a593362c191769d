import { describe, expect, test } from "vitest";
import { chunkDocument } from "../../src/knowledge/chunk.ts";
import { loadFile } from "../../src/knowledge/folder.ts";
import { loadMarkdown } from "../../src/knowledge/load-markdown.ts";
import { docx, pdf, put, temporary } from "./kit.ts";

async function load(name: string, content: string | Uint8Array) {
  return loadFile(put(temporary(), name, content), name);
}

describe("markdown", () => {
  test("is taken by its headings, from the outermost in", () => {
    const { title, sections } = loadMarkdown(
      "---\nowner: me\n---\n# Guide\nIntro\n## Post\nOne\n### Undo\nTwo\n## Close\nThree\n",
      "guide.md",
    );

    expect(title).toBe("Guide");
    expect(sections).toEqual([
      { headings: [], text: "Intro" },
      { headings: ["Post"], text: "One" },
      { headings: ["Post", "Undo"], text: "Two" },
      { headings: ["Close"], text: "Three" },
    ]);
  });

  test("keeps a hash inside code as code", () => {
    const { sections } = loadMarkdown("# A\n```\n# not a heading\n```\n## B\nx\n", "a.md");

    expect(sections.map((s) => s.headings)).toEqual([[], ["B"]]);
    expect(sections[0]?.text).toContain("# not a heading");
  });

  test("loses what nobody sees: control, zero-width and tag characters", () => {
    const hidden = [..."obey"].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join("");
    const { sections } = loadMarkdown(`# A\nplain\u200b\u202e words${hidden}\u0007.\n`, "a.md");

    expect(sections[0]?.text).toBe("plain words .");
  });
});

describe("a Word file", () => {
  test("is taken by its headings", async () => {
    const { title, sections } = await load(
      "manual.docx",
      docx(["# Manual", "Hello & <welcome>", "## Receiving", "Scan the label.", "### Damage", "Take a picture."]),
    );

    expect(title).toBe("Manual");
    expect(sections).toEqual([
      { headings: [], text: "Hello & <welcome>" },
      { headings: ["Receiving"], text: "Scan the label." },
      { headings: ["Receiving", "Damage"], text: "Take a picture." },
    ]);
  });

  test.each([
    ["garbage", Buffer.from("PK\u0003\u0004 nothing of use"), /not a readable Word file/],
    ["an old or locked file", Buffer.from("d0cf11e0a1b11ae1", "hex"), /old \.doc or has a password/],
  ])("says what to do about %s", async (_, bytes, says) => {
    await expect(load("x.docx", bytes)).rejects.toThrow(says);
  });
});

describe("a PDF", () => {
  test("of 200 pages is taken page by page", async () => {
    const pages = Array.from({ length: 200 }, (_, i) => `Page ${i + 1} speaks of topic ${i * 7}.`);
    const { title, sections } = await load("big-handbook.pdf", pdf(pages));

    expect(title).toBe("big handbook");
    expect(sections).toHaveLength(200);
    expect(sections[136]).toEqual({ headings: [], page: 137, text: "Page 137 speaks of topic 952." });
  });

  test.each([
    ["a locked one", pdf(["secret"], { locked: true }), /locked with a password/],
    ["one that is broken", Buffer.from("%PDF-1.7\nnothing follows"), /not a readable PDF/],
    ["one with pictures only", pdf(["", ""]), /no text, only pictures/],
  ])("says what to do about %s", async (_, bytes, says) => {
    await expect(load("x.pdf", bytes)).rejects.toThrow(says);
  });
});

describe("text", () => {
  test("in an old encoding is read, and bytes are refused", async () => {
    const old = await load("a.txt", Buffer.from("Lager für Größe", "latin1"));

    expect(old.sections[0]?.text).toBe("Lager für Größe");
    await expect(load("b.txt", Buffer.from([1, 0, 2, 0]))).rejects.toThrow(/not text/);
  });
});

describe("passages", () => {
  test("are one per section, and pieces of a long one", async () => {
    const long = Array.from({ length: 60 }, (_, i) => `Sentence number ${i} says something about bins.`).join(" ");
    const chunks = await chunkDocument({
      title: "T",
      sections: [
        { headings: ["A"], text: "short" },
        { headings: ["B"], page: 4, text: long },
      ],
    });

    expect(chunks[0]).toMatchObject({ headings: ["A"], text: "short" });
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks.slice(1)) {
      expect(chunk).toMatchObject({ headings: ["B"], page: 4 });
      expect(chunk.text.length).toBeLessThanOrEqual(1_400);
    }
    expect(new Set(chunks.map((c) => c.hash)).size).toBe(chunks.length);
  });

  test("of a section that is a little too long leave no scrap behind", async () => {
    const text = (lines: number) => Array.from({ length: lines }, (_, i) => `Line ${i} says something about storage bins.`).join("\n");
    const sizes = async (lines: number) =>
      (await chunkDocument({ title: "T", sections: [{ headings: [], text: text(lines) }] })).map((c) => c.text.length);

    expect(await sizes(36)).toHaveLength(1);
    expect(Math.min(...(await sizes(50)))).toBeGreaterThan(700);
  });

  test("of a long table begin with its head", async () => {
    const rows = Array.from({ length: 80 }, (_, i) => `| CODE${i} | what it means, in a few words |`);
    const text = ["Before the table.", "", "| code | meaning |", "|---|---|", ...rows].join("\n");

    const chunks = await chunkDocument({ title: "T", sections: [{ headings: ["Codes"], text }] });

    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks.slice(1)) expect(chunk.text).toMatch(/^\| code \| meaning \|\n\|---\|---\|\n\| CODE/);
    for (const [i] of rows.entries())
      expect(
        chunks.some((c) => c.text.includes(`CODE${i} `)),
        `row ${i}`,
      ).toBe(true);
  });
});
