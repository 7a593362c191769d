import type { TopLevelSpec } from "vega-lite";
import type { ParetoItem } from "../src/charts/pareto-chart.ts";

/** The peer of our charts: a plain Vega-Lite specification, compiled each time, and its SVG handed to sharp as it is. */
export function usualSpec(items: readonly ParetoItem[], title: string): TopLevelSpec {
  const x = { field: "label", type: "nominal", sort: null, axis: { labelAngle: -40, title: null } } as const;
  const amount = { field: "value", type: "quantitative", title: "cost" } as const;
  const share = {
    field: "cumulativeShare",
    type: "quantitative",
    axis: { format: "%" },
    scale: { domain: [0, 1] },
    title: "running share",
  } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 1200,
    height: 700,
    autosize: { type: "fit", contains: "padding" },
    background: "#ffffff",
    title,
    data: { values: items.map((item) => ({ ...item })) },
    encoding: { x },
    layer: [
      {
        encoding: { y: amount },
        layer: [{ mark: "bar" }, { mark: { type: "text", dy: -8 }, encoding: { text: { field: "value", format: ".3s" } } }],
      },
      {
        layer: [
          { mark: { type: "line", point: true, color: "#c2410c" }, encoding: { y: share } },
          { mark: { type: "rule", strokeDash: [6, 4] }, encoding: { x: null, y: { datum: 0.8, type: "quantitative" } } },
        ],
      },
    ],
    resolve: { scale: { y: "independent" } },
  } as TopLevelSpec;
}

/** Compile, draw, rasterise. */
export async function usualPng(spec: TopLevelSpec): Promise<Buffer> {
  const [vega, vegaLite, { default: sharp }] = await Promise.all([import("vega"), import("vega-lite"), import("sharp")]);
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return sharp(Buffer.from(svg)).png().toBuffer();
}
