import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { barChart } from "../../src/charts/bar-chart.ts";
import { changeChart } from "../../src/charts/change-chart.ts";
import { paretoChart } from "../../src/charts/pareto-chart.ts";
import { renderPng, renderSvg } from "../../src/charts/render.ts";
import { THEMES } from "../../src/charts/theme.ts";
import { timeChart } from "../../src/charts/time-chart.ts";
import { HOSTILE_LABELS, paretoInput, SERVICES, serviceCosts } from "./samples.ts";

const pareto = paretoChart(paretoInput(SERVICES, serviceCosts()));
const days = Array.from({ length: 90 }, (_, i) => ({ at: new Date(Date.UTC(2026, 7, 23 + i)), value: i === 40 ? null : 3000 + 20 * i }));
const charts = {
  pareto,
  bar: barChart({ title: "t", unit: "USD", items: HOSTILE_LABELS.map((label, i) => ({ label, value: i - 3, previous: i })) }),
  change: changeChart({
    title: "t",
    totals: { before: 3, after: 2 },
    changes: HOSTILE_LABELS.map((label, i) => ({ label, change: 4 - i, before: 9 })),
  }),
  time: timeChart({ title: "t", unit: "USD", grain: "day", provisionalFrom: "2026-11-18", series: [{ name: "Cost", points: days }] }),
  lines: timeChart({
    title: "t",
    grain: "day",
    series: HOSTILE_LABELS.map((name) => ({ name, points: days })),
    comparison: { name: "then", points: days },
  }),
};

async function pixels(png: Buffer): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe("renderSvg", () => {
  test("keeps as much room between the first and last days of an axis as between the others", async () => {
    const fortnight = Array.from({ length: 14 }, (_, i) => ({ at: new Date(Date.UTC(2026, 10, 8 + i)), value: 3000 + i }));
    const { spec } = timeChart({ title: "t", grain: "day", series: [{ name: "Cost", points: fortnight }] });

    const labels = [
      ...(await renderSvg(spec)).matchAll(/<text text-anchor="(\w+)" transform="translate\(([\d.]+),[^>]*>(?:<tspan>)?\d+ Nov/g),
    ];

    expect(labels.map(([, anchor]) => anchor)).toEqual(Array(14).fill("middle"));
    const gaps = labels.slice(1).map(([, , x], i) => Number(x) - Number(labels[i]?.[2]));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1);
  });
});

describe("renderPng", () => {
  test("draws 1200 by 700 pixels in few bytes", async () => {
    const png = await renderPng(pareto.spec);

    const { width, height } = await pixels(png);
    expect([width, height]).toEqual([1200, 700]);
    expect(png.length).toBeGreaterThan(5000);
    expect(png.length).toBeLessThan(40_000);
  });

  test.each(["light", "dark"] as const)("has a solid %s background", async (theme) => {
    const { data } = await pixels(await renderPng(pareto.spec, { theme }));

    expect(`#${data.subarray(0, 3).toString("hex")}`).toBe(THEMES[theme].background);
  });

  test("scales, and takes another size", async () => {
    expect(await pixels(await renderPng(pareto.spec, { scale: 2 }))).toMatchObject({ width: 2400, height: 1400 });
    expect(await pixels(await renderPng(pareto.spec, { width: 1024, height: 600 }))).toMatchObject({ width: 1024, height: 600 });
  });

  test.each(Object.keys(charts) as (keyof typeof charts)[])("draws the %s chart in our own palette, in both themes", async (name) => {
    for (const theme of ["light", "dark"] as const) {
      const png = await renderPng(charts[name].spec, { theme });

      expect(png.length).toBeLessThan(100_000);
      expect(png.readUInt8(25)).toBe(3);
    }
  });

  test("a spec that went through JSON draws the same picture", async () => {
    const stored = JSON.parse(JSON.stringify(charts.bar.spec)) as Record<string, unknown>;

    expect((await renderPng(stored)).equals(await renderPng(charts.bar.spec))).toBe(true);
  });

  test("many at once give what each gives alone", async () => {
    const specs = [...Object.values(charts), ...Object.values(charts)].map((chart) => chart.spec);
    const alone: Buffer[] = [];
    for (const spec of specs) alone.push(await renderPng(spec));

    const together = await Promise.all(specs.map((spec) => renderPng(spec)));

    expect(together.map((png, i) => png.equals(alone[i] ?? Buffer.alloc(0)))).toEqual(specs.map(() => true));
  });

  test("does not touch the spec it is given", async () => {
    const before = JSON.stringify(charts.time.spec);

    await renderPng(charts.time.spec, { theme: "dark" });

    expect(JSON.stringify(charts.time.spec)).toBe(before);
  });

  test("draws a label's own pixels, in one line and in several", async () => {
    const withLabel = (label: string) => renderPng(paretoChart(paretoInput([label, "other"], [3, 1])).spec);

    const [a, b, again] = [await withLabel("mmmm"), await withLabel("iiii"), await withLabel("mmmm")];
    const [long, longer] = [await withLabel(`${"mill ".repeat(12)}`), await withLabel(`${"silk ".repeat(12)}`)];

    expect(a.equals(again)).toBe(true);
    expect(a.equals(b)).toBe(false);
    expect(long.equals(longer)).toBe(false);
  });

  test("a picture in colours that are not ours keeps them", async () => {
    const spec = {
      data: { name: "points" },
      datasets: { points: Array.from({ length: 200 }, (_, i) => ({ i })) },
      mark: { type: "bar", fillOpacity: 0.5, height: 400 },
      encoding: {
        x: { field: "i", type: "ordinal" },
        color: { field: "i", type: "quantitative", scale: { range: ["#ff00ff", "#00ff00"] } },
      },
    };

    const { data } = await pixels(await renderPng(spec));

    const greens = data.filter((_, i) => i % 3 === 1 && (data[i] ?? 0) > (data[i - 1] ?? 0) + 40);
    expect(greens.length).toBeGreaterThan(1000);
  });
});

describe("renderSvg", () => {
  test("hostile labels come out as text", async () => {
    const labels = HOSTILE_LABELS.slice(0, 4);
    const chart = paretoChart(paretoInput(labels, [4, 3, 2, 1], `<img src=x onerror="alert(1)"> & more`));

    const svg = await renderSvg(chart.spec);

    expect(svg).not.toMatch(/<(script|img|image|a|foreignObject)\b/i);
    expect(svg).not.toMatch(/href=/);
    expect(svg).toContain("&lt;img src=x onerror=");
    expect(svg).toContain("&amp; more");
    expect(svg).toContain("&lt;script&gt;");
  });

  test("names no file and no address", async () => {
    const named = (data: unknown) => ({ data, mark: "point", encoding: { x: { field: "a", type: "quantitative" } } });

    await expect(renderSvg(named({ url: "https://evil.example/x.json" }))).rejects.toThrow(/could not be drawn/);
    await expect(renderSvg(named({ url: "file:///etc/passwd", format: { type: "csv" } }))).rejects.toThrow(/could not be drawn/);
    const image = {
      datasets: { p: [{ u: "http://evil.example/x.png" }] },
      data: { name: "p" },
      mark: "image",
      encoding: { url: { field: "u", type: "nominal" } },
    };
    expect(await renderSvg(image)).not.toContain("evil.example");
  });

  test("a spec with a fault is an error, not an empty picture", async () => {
    await expect(
      renderSvg({ data: { name: "p" }, datasets: { p: [{ a: 1 }] }, mark: { type: "point", fill: { expr: "nothing.at.all" } } }),
    ).rejects.toThrow();
  });
});

describe("on a machine without fonts", () => {
  test("labels are letters, with FONTCONFIG_FILE unset or set to something else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "charts-test-"));
    try {
      const empty = join(folder, "fonts.conf");
      writeFileSync(empty, "<fontconfig></fontconfig>");

      const [system, other, missing] = await Promise.all([inkOf(undefined), inkOf(empty), inkOf(join(folder, "missing.conf"))]);

      expect(other).toEqual(missing);
      expect(other).toEqual(system);
      expect(new Set(other).size).toBe(other.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Hashes of one chart with four labels, long enough to stand in several lines, drawn by a process of its own. */
async function inkOf(fontConfig: string | undefined): Promise<string[]> {
  const code = `
    import { createHash } from "node:crypto";
    import { renderPng } from "./src/charts/render.ts";
    import { paretoChart } from "./src/charts/pareto-chart.ts";
    for (const label of ["mill mill mill mill", "silk silk silk silk", "dart dart dart dart"].map((text) => (text + " ").repeat(5))) {
      const items = [{ label, value: 3, share: 0.75, cumulativeShare: 0.75 }, { label: "b", value: 1, share: 0.25, cumulativeShare: 1 }];
      const png = await renderPng(paretoChart({ title: "t", items, itemsTo80: 2, total: 4 }).spec);
      console.log(createHash("sha256").update(png).digest("hex"));
    }`;
  const { FONTCONFIG_FILE: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    cwd: join(import.meta.dirname, "../.."),
    env: fontConfig === undefined ? env : { ...env, FONTCONFIG_FILE: fontConfig },
  });
  return stdout.trim().split("\n");
}
