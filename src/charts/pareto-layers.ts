/** The fixed part of a Pareto chart's specification: nothing in it comes from outside. */

/** Font size of slanted names; they stand close together. */
export const SLANTED_SIZE = 16;

/** flat: names stand under their bars in lines; else they are slanted. */
export function paretoBody(flat: boolean): Record<string, unknown> {
  const slot = slotAxis(flat);
  return {
    data: { name: "bars" },
    encoding: { x: slot },
    layer: [bars(), { layer: shareLayers(slot) }],
    resolve: { scale: { y: "independent" } },
  };
}

function slotAxis(flat: boolean): Record<string, unknown> {
  const turn = flat
    ? { labelAngle: 0 }
    : { labelAngle: -45, labelAlign: "right", labelBaseline: "middle", labelFontSize: SLANTED_SIZE, labelPadding: 8 };
  return {
    field: "i",
    type: "ordinal",
    scale: { paddingInner: { expr: "gap" }, paddingOuter: { expr: "gap / 2" } },
    axis: { labelExpr: "labels[datum.value]", labelColor: { expr: "theme.text" }, labelLineHeight: 22, ...turn },
  };
}

function bars(): unknown {
  const y = {
    field: "value",
    type: "quantitative",
    scale: { domainMin: 0, domainMax: { expr: "total" }, nice: false },
    axis: { values: { expr: "ticks" }, labelExpr: "tickTexts[indexof(ticks, datum.value)]" },
  };
  return { mark: { type: "bar", fill: { expr: "theme[datum.tone]" } }, encoding: { y } };
}

/** Both axes end at the total, so values may be placed on this one as well: in front of the line. */
function shareLayers(slot: Record<string, unknown>): unknown[] {
  const axis = {
    orient: "right",
    grid: false,
    values: [0, 0.2, 0.4, 0.6, 0.8, 1],
    labelExpr: "round(datum.value * 100) + '%'",
    title: "Running share of the total",
    titlePadding: 14,
  };
  const y = { field: "share", type: "quantitative", scale: { domain: [0, 1], nice: false }, axis };
  const running = { x: { ...slot, bandPosition: 1 }, y };
  const values = { y: { ...y, field: "at" }, text: { field: "text", type: "nominal" } };
  const text = { type: "text", dy: -11, fontSize: { expr: "valueSize" } };
  const accent = { expr: "theme.accent" };
  const background = { expr: "theme.background" };
  return [
    {
      data: { name: "rule" },
      mark: { type: "rule", strokeDash: [7, 6], strokeWidth: 2, stroke: { expr: "theme.muted" } },
      encoding: { x: null, y: { ...y, field: "at" } },
    },
    { mark: { type: "line", strokeWidth: 3, strokeJoin: "round", stroke: accent }, encoding: running },
    { mark: { type: "point", size: 55, opacity: 1, strokeWidth: 2, fill: accent, stroke: background }, encoding: running },
    {
      data: { name: "halos" },
      mark: { ...text, fill: background, stroke: background, strokeWidth: 6, strokeJoin: "round" },
      encoding: values,
    },
    { mark: text, encoding: values },
  ];
}
