import { describe, expect, test } from "vitest";
import { renderCards } from "../../../src/channels/teams/card.ts";
import { nativeChart } from "../../../src/channels/teams/native-chart.ts";
import { type Drawn, drawCharts } from "../../../src/channels/teams/pictures.ts";
import { renderPng } from "../../../src/charts/render.ts";
import type { ChartBlock } from "../../../src/core/reply.ts";
import { CHARTS, PARETO } from "../../kit/golden/charts.ts";
import { cardProblems, cardWords, imageProblems } from "../../kit/teams/cards.ts";
import type { Fields } from "../../kit/teams/shapes.ts";
import { finalReply } from "./world.ts";

const draws = { renderPng: async () => Buffer.alloc(9), onFault: () => {} };

function cardOf(blocks: readonly ChartBlock[], drawn: ReadonlyMap<number, Drawn> = new Map()): Fields {
  const pictures = new Map([...drawn].map(([i, d]) => [i, d.kind === "address" ? d : ("above" as const)]));
  const [card] = renderCards(finalReply({ blocks }), { pictures, personal: true }) as Fields[];
  return card?.attachments[0].content;
}

function elementsOf(chart: ChartBlock): Fields[] {
  return cardOf([chart]).body;
}

function overTime(categories: readonly string[]): ChartBlock {
  const series = [{ name: "s", values: categories.map((_, i) => i) }];
  return { type: "chart", title: "t", alt: "a finding in a few words", spec: {}, plain: { kind: "line", categories, series } };
}

describe("a chart that Teams draws itself", () => {
  const kinds = {
    "simple bars": "Chart.HorizontalBar",
    "bars of long names": "Chart.HorizontalBar",
    "bars of shares": "Chart.HorizontalBar",
    "bars of hours": "Chart.HorizontalBar",
    "bars beside those of last month": "Chart.VerticalBar.Grouped",
    "a line": "Chart.Line",
    "lines of three teams": "Chart.Line",
    "a line below zero": "Chart.Line",
  } as const;
  for (const [name, type] of Object.entries(kinds))
    test(`${name}: with its title above, and its finding in words below`, async () => {
      const chart = CHARTS[name as keyof typeof kinds];
      const [title, element, words] = elementsOf(chart);

      expect([title?.text, element?.type, element?.title]).toEqual([chart.title, type, chart.title]);
      expect(words?.text.length).toBeGreaterThan(20);
      expect(await drawCharts(finalReply({ blocks: [chart] }), draws)).toEqual(new Map());
    });

  test("has its figures at the bars, with their unit, and in words where charts are unknown", () => {
    const [, bars] = elementsOf(CHARTS["simple bars"]);

    expect(bars?.data[0]).toEqual({ x: "Compute · $34.8k", y: 34_788 });
    expect(bars?.xAxisTitle).toBe("USD");
    expect(bars?.fallback).toMatchObject({ type: "FactSet", facts: [{ title: "Compute", value: "$34.8k" }, {}, {}, {}, {}] });
  });

  test("has shares as percent and times in the unit their names show", () => {
    const [, shares] = elementsOf(CHARTS["bars of shares"]);
    const [, hours] = elementsOf(CHARTS["bars of hours"]);

    expect([shares?.data[1], shares?.xAxisTitle]).toEqual([{ x: "us-east-1 · 62%", y: 62 }, "%"]);
    expect([hours?.data[0], hours?.xAxisTitle]).toEqual([{ x: "platform · 9 h", y: 9 }, "h"]);
  });

  test("has days on its axis of time, weeks by their first", () => {
    const [, days] = elementsOf(CHARTS["a line"]);
    const [, weeks] = elementsOf(CHARTS["lines of three teams"]);
    const [, years] = elementsOf(overTime(["2025", "2026"]));
    const [, months] = elementsOf(overTime(["Dec 2025", "Jan 2026"]));
    const firsts = [days, weeks, years, months].map((line) => [line?.data[0].values[0].x, line?.xAxisTitle]);

    expect(firsts).toEqual([
      ["2026-10-01", undefined],
      ["2026-09-28", "week of"],
      ["2025-01-01", undefined],
      ["2025-12-01", undefined],
    ]);
  });

  test("keeps a few short names as they are", () => {
    const [, line] = elementsOf(overTime(["Q1", "Q2", "Q3"]));

    expect(line?.data[0].values.map(({ x }: Fields) => x)).toEqual(["Q1", "Q2", "Q3"]);
  });

  test("has no bar where there was no figure before", () => {
    const [, groups] = elementsOf(CHARTS["bars beside those of last month"]);

    expect(groups?.data.map(({ values }: Fields) => values.map(({ x }: Fields) => x))).toEqual([
      ["api", "web", "data", "mobile"],
      ["api", "web", "data"],
    ]);
  });
});

describe("a chart that Teams would draw wrongly", () => {
  for (const name of ["bars below zero", "a line with gaps", "more points than a card holds", "bars of hostile names", "a Pareto"] as const)
    test(`${name}: is a picture`, async () => {
      const chart = CHARTS[name];

      expect(nativeChart(chart)).toBeUndefined();
      expect((await drawCharts(finalReply({ blocks: [chart] }), draws)).size).toBe(1);
      expect(cardWords(cardOf([chart])).join("\n")).toContain("Without its picture here; the console shows it");
    });

  const plain = { kind: "bar" as const, unit: "USD", categories: ["a", "b"], series: [{ name: "s", values: [1, 2] }] };
  const odd = {
    "one name for two bars": { ...plain, categories: ["a", "a"] },
    "names that are one when cut": { ...plain, categories: [`${"word ".repeat(9)}1`, `${"word ".repeat(9)}2`] },
    "a bar without a figure": { ...plain, series: [{ name: "s", values: [1, null] }] },
    "a figure that is none": { ...plain, series: [{ name: "s", values: [1, Number.NaN] }] },
    "fewer figures than names": { ...plain, series: [{ name: "s", values: [1] }] },
    "no names at all": { ...plain, categories: [], series: [{ name: "s", values: [] }] },
    "a name that is empty": { ...plain, categories: ["a", " "] },
    "a line of one point": { ...plain, kind: "line" as const, categories: ["a"], series: [{ name: "s", values: [1] }] },
    "a line over names that would be cut": { ...plain, kind: "line" as const, categories: ["the first of them", "the second"] },
    "a line whose days go back": { ...plain, kind: "line" as const, categories: ["2 Oct 2026", "1 Oct 2026"] },
    "five measures side by side": { ...plain, series: [1, 2, 3, 4, 5].map((n) => ({ name: `${n}`, values: [1, 2] })) },
    "long names below groups": {
      ...plain,
      categories: ["Amazon Relational Database Service", "b"],
      series: ["x", "y"].map((name) => ({ name, values: [1, 2] })),
    },
  };
  for (const [name, figures] of Object.entries(odd))
    test(`${name}: is a picture`, () => expect(nativeChart({ title: "t", plain: figures })).toBeUndefined());
});

describe("a chart's picture", () => {
  const chartReply = finalReply({ blocks: [{ type: "markdown", text: "x" }, PARETO] });

  test("is 1,024 wide, within the limits, and named by its finding", async () => {
    const pictures = await drawCharts(chartReply, {
      ...draws,
      renderPng: (spec, size) => renderPng(spec, { scale: (size?.width ?? 0) / 1_200 }),
    });

    const [attachment] = (pictures.get(1) as Fields | undefined)?.activity.attachments ?? [];
    expect(imageProblems(attachment.contentUrl)).toEqual([]);
    expect(Buffer.from(attachment.contentUrl.split(",")[1], "base64").readUInt32BE(16)).toBe(1_024);
    expect(attachment.name).toMatch(/^6 of 20 services make 80%/);
  });

  test("is made smaller until it fits", async () => {
    const widths: number[] = [];
    const pictures = await drawCharts(chartReply, {
      ...draws,
      async renderPng(_, size) {
        widths.push(size?.width ?? 0);
        return Buffer.alloc((size?.width ?? 0) * 60);
      },
    });

    expect(widths).toEqual([1_024, 800, 600]);
    expect(pictures.size).toBe(1);
  });

  test("gives way to its finding in words when it is too large or cannot be drawn", async () => {
    const faults: unknown[] = [];
    const large = await drawCharts(chartReply, { ...draws, renderPng: async () => Buffer.alloc(60_000) });
    const broken = await drawCharts(chartReply, {
      renderPng: () => Promise.reject(new Error("no font")),
      onFault: (e) => void faults.push(e),
    });

    expect([large.size, broken.size, faults.length]).toEqual([0, 0, 1]);
  });

  test("is drawn for the first two charts only", async () => {
    const pictures = await drawCharts(finalReply({ blocks: [PARETO, CHARTS["a line"], PARETO, PARETO] }), draws);

    expect([...pictures.keys()]).toEqual([0, 2]);
  });
});

describe("a picture behind an address", () => {
  const reply = finalReply({ blocks: [PARETO] });
  const url = "https://firstmate.example.com/pictures/1?expires=1&signature=x";

  test("stands in the card, 1,024 wide and of any size, with its finding for who cannot see it", async () => {
    const published: Buffer[] = [];
    const pictures = await drawCharts(reply, {
      ...draws,
      renderPng: async (_, size) => Buffer.alloc(200_000, `${size?.width}`),
      async publishChart(png) {
        published.push(png);
        return { url };
      },
    });
    const card = cardOf([PARETO], pictures);

    expect(cardProblems(card)).toEqual([]);
    expect(card.body.map(({ type }: Fields) => type)).toEqual(["Image", "TextBlock"]);
    expect(card.body[0]).toMatchObject({ url, altText: expect.stringMatching(/^6 of 20 services make 80%/) });
    expect(card.body[1].text).toMatch(/^6 of 20 services make 80%/);
    expect(card.body[1].text).not.toContain("Without its picture");
    expect(published.map((png) => png.toString("latin1", 0, 4))).toEqual(["1024"]);
  });

  const answers: [string, () => Promise<{ url: string } | undefined>][] = [
    ["there is no address", async () => undefined],
    ["it is no https", async () => ({ url: "http://firstmate.example.com/1" })],
    ["it cannot be kept", () => Promise.reject(new Error("disk full"))],
  ];
  for (const [what, publishChart] of answers)
    test(`is a message of its own when ${what}`, async () => {
      const pictures = await drawCharts(reply, { ...draws, publishChart });

      expect(pictures.get(0)?.kind).toBe("message");
    });

  test("is drawn for the first six charts, and not for what Teams draws itself", async () => {
    const blocks = [CHARTS["a line"], ...Array.from({ length: 9 }, () => PARETO)];
    const pictures = await drawCharts(finalReply({ blocks }), { ...draws, publishChart: async () => ({ url }) });

    expect([...pictures].filter(([, { kind }]) => kind === "address").map(([i]) => i)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
