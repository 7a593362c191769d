/**
 * Colours and type of every chart. Hues are Okabe and Ito's (2008), told apart by people with any colour vision;
 * yellow is darkened on white, and several are lightened on black. Texts stand at 4.5:1 or more against the background.
 * All colours are opaque six-digit hex: mixes are made beforehand, so that a picture needs few colours and its PNG stays small.
 */
export type ThemeName = "light" | "dark";

/** What a spec's marks may name; handed to it as the parameter `theme`. */
export interface Theme {
  background: string;
  text: string;
  muted: string;
  grid: string;
  /** Marks that carry the finding. */
  strong: string;
  /** The other marks of the same kind. */
  soft: string;
  /** Marks that stand for several things at once: "12 others". */
  rest: string;
  /** A line that stands for several. */
  others: string;
  /** A light fill of the strong colour under a line. */
  wash: string;
  /** A second measure on the same picture. */
  accent: string;
  up: string;
  down: string;
  /** Behind days that may still change. */
  band: string;
  /** Up to eight series, most important first. */
  series: readonly string[];
}

export const FONT = "Inter";

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: "#ffffff",
    text: "#1f2730",
    muted: "#5d6874",
    grid: "#dfe4e8",
    strong: "#0072b2",
    soft: "#a3cae1",
    rest: "#c9ced4",
    others: "#96a0aa",
    wash: "#ecf4f9",
    accent: "#d55e00",
    up: "#d55e00",
    down: "#0072b2",
    band: "#f3f5f6",
    series: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9a8b00", "#3d4650"],
  },
  dark: {
    background: "#1a1d21",
    text: "#eceef0",
    muted: "#a6afb9",
    grid: "#343a41",
    strong: "#56b4e9",
    soft: "#2f566d",
    rest: "#5b646d",
    others: "#76808a",
    wash: "#1f2c35",
    accent: "#f0a22e",
    up: "#f0a22e",
    down: "#56b4e9",
    band: "#23282e",
    series: ["#56b4e9", "#e69f00", "#2bbf95", "#e093bf", "#f0e442", "#f07030", "#6f8cff", "#c8ced4"],
  },
};

/** Font sizes in pixels of the 1200-pixel picture; chats show it at about half that. */
export const SIZE = { title: 30, subtitle: 19, label: 18, value: 17, small: 14 } as const;

/** Width of SemiBold to Regular. */
export const BOLD_WIDTH = 1.04;

/** Pixels between the marks and the edge of the picture. */
export const PADDING = 28;

/** The Vega-Lite `config` of a theme: everything that is not a mark. */
export function chartConfig(theme: Theme): Record<string, unknown> {
  return {
    background: theme.background,
    font: FONT,
    aria: false,
    padding: PADDING,
    view: { stroke: null },
    title: {
      anchor: "start",
      frame: "bounds",
      offset: 22,
      limit: 0,
      color: theme.text,
      fontSize: SIZE.title,
      fontWeight: 600,
      lineHeight: 38,
      subtitleColor: theme.muted,
      subtitleFontSize: SIZE.subtitle,
      subtitleLineHeight: 26,
      subtitlePadding: 8,
    },
    axis: {
      domain: false,
      ticks: false,
      labelColor: theme.muted,
      labelFontSize: SIZE.label,
      labelLimit: 0,
      labelOverlap: false,
      labelPadding: 10,
      gridColor: theme.grid,
      title: null,
      titleColor: theme.muted,
      titleFontSize: SIZE.label,
      titleFontWeight: 400,
    },
    legend: {
      orient: "top",
      direction: "horizontal",
      title: null,
      labelColor: theme.text,
      labelFontSize: SIZE.label,
      labelLimit: 0,
      symbolSize: 260,
      symbolStrokeWidth: 5,
      symbolType: "stroke",
      columnPadding: 28,
      rowPadding: 8,
      offset: 16,
    },
    text: { fontSize: SIZE.value, color: theme.text, limit: 0 },
  };
}
