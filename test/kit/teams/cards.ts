import type { Fields } from "./shapes.ts";

export const CARD_BYTES = 25_000;
const IMAGE_BASE64 = 60_000;
const IMAGE_PIXELS = 1_024;
const MOST_SETS = 4;
const ACTIONS = new Set(["Action.Submit", "Action.Execute", "Action.ToggleVisibility", "Action.OpenUrl"]);

/** Every rule an Adaptive Card breaks, for the element types a bot of ours may use. */
export function cardProblems(card: Fields): string[] {
  const problems: string[] = [];
  if (card.type !== "AdaptiveCard") problems.push(`type is ${card.type}`);
  if (card.version !== "1.5") problems.push(`version is ${card.version}`);
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > CARD_BYTES) problems.push(`${bytes} bytes are more than ${CARD_BYTES}`);
  if (!Array.isArray(card.body) || card.body.length === 0) problems.push("the body is empty");
  const ids = new Set<string>();
  walk(card, (element) => void (element.id && ids.add(element.id)));
  for (const element of card.body ?? []) problems.push(...elementProblems(element, ids));
  return problems;
}

function elementProblems(element: Fields, ids: ReadonlySet<string>): string[] {
  switch (element.type) {
    case "TextBlock":
      return textProblems(element);
    case "FactSet":
      return (element.facts ?? []).flatMap((fact: Fields) =>
        isText(fact.title) && isText(fact.value) ? [] : ["a fact has a title and a value"],
      );
    case "Container":
      return element.items?.length ? element.items.flatMap((item: Fields) => elementProblems(item, ids)) : ["an empty Container"];
    case "ActionSet":
      return actionProblems(element, ids);
    case "Image":
      return [...imageProblems(element.url), ...(isText(element.altText) ? [] : ["an Image has altText"])];
    case "Table":
      return tableProblems(element, ids);
    case "Chart.HorizontalBar":
    case "Chart.VerticalBar.Grouped":
    case "Chart.Line":
      return [...chartProblems(element), ...fallbackProblems(element.fallback, ids)];
    default:
      return [`unknown element ${element.type}`];
  }
}

/** What Teams' own charts cannot show: bars below zero, a line across a gap, more than four sets of bars, one name for two things. */
function chartProblems({ type, title, data }: Fields): string[] {
  if (!Array.isArray(data) || data.length === 0) return ["a chart has data"];
  const sets: Fields[][] = type === "Chart.HorizontalBar" ? [data] : data.map(({ values }: Fields) => values ?? []);
  const points = sets.flat();
  const problems = isText(title) ? [] : ["a chart has a title to be read aloud"];
  if (sets.some((set) => set.length === 0)) problems.push("a set without points");
  if (!points.every(({ x, y }) => isText(x) && Number.isFinite(y))) problems.push("a point has x and y");
  if (sets.some((set) => new Set(set.map(({ x }) => x)).size < set.length)) problems.push("two points of one name");
  if (type !== "Chart.HorizontalBar" && !data.every(({ legend }: Fields) => isText(legend))) problems.push("a set has a legend");
  if (type !== "Chart.Line" && points.some(({ y }) => y < 0)) problems.push("bars begin at zero");
  if (type === "Chart.VerticalBar.Grouped" && sets.length > MOST_SETS) problems.push(`${sets.length} sets of bars`);
  if (type === "Chart.Line" && sets.some((set) => set.map(({ x }) => x).join() !== sets[0]?.map(({ x }) => x).join()))
    problems.push("a line is drawn across its gaps");
  return problems;
}

function fallbackProblems(fallback: Fields | undefined, ids: ReadonlySet<string>): string[] {
  return fallback ? elementProblems(fallback, ids) : ["a chart has a fallback"];
}

function textProblems({ text }: Fields): string[] {
  if (!isText(text)) return ["a TextBlock has text"];
  const problems = /^#{1,6} |^\|.*\|$|```/m.test(text) ? [`cards show no such markdown: ${text.slice(0, 40)}`] : [];
  return text.isWellFormed() ? problems : [...problems, "half a character"];
}

function tableProblems({ columns, rows }: Fields, ids: ReadonlySet<string>): string[] {
  if (!columns?.length || !rows?.length) return ["a Table has columns and rows"];
  return rows.flatMap((row: Fields) => {
    if (row.type !== "TableRow" || row.cells?.length !== columns.length) return ["a TableRow has a cell for each column"];
    return row.cells.flatMap((cell: Fields) =>
      cell.type === "TableCell" && cell.items?.length
        ? cell.items.flatMap((item: Fields) => elementProblems(item, ids))
        : ["a TableCell has items"],
    );
  });
}

function actionProblems({ actions = [] }: Fields, ids: ReadonlySet<string>): string[] {
  const count = actions.length > 0 && actions.length <= 6 ? [] : [`${actions.length} actions`];
  return actions.reduce((problems: string[], action: Fields) => {
    if (!ACTIONS.has(action.type)) problems.push(`unknown action ${action.type}`);
    if (!isText(action.title)) problems.push("an action has a title");
    for (const target of action.targetElements ?? []) if (!ids.has(target)) problems.push(`nothing is called ${target}`);
    return problems;
  }, count);
}

/** Of an image attachment or a card's image. */
export function imageProblems(url: unknown): string[] {
  if (!isText(url)) return ["an image has an address"];
  if (url.startsWith("https://")) return [];
  const base64 = /^data:image\/png;base64,([A-Za-z0-9+/]+=*)$/.exec(url)?.[1];
  if (base64 === undefined) return [`an image is https or a PNG as data: ${url.slice(0, 40)}`];
  const png = Buffer.from(base64, "base64");
  if (png.subarray(1, 4).toString("latin1") !== "PNG") return ["the data is no PNG"];
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  return [
    ...(base64.length > IMAGE_BASE64 ? [`${base64.length} characters of picture`] : []),
    ...(width > IMAGE_PIXELS || height > IMAGE_PIXELS ? [`a picture of ${width} × ${height}`] : []),
  ];
}

/** All words of a card, in reading order. */
export function cardWords(card: Fields): string[] {
  const words: string[] = [];
  walk(card, (element) => {
    for (const name of ["text", "title", "value", "altText", "legend", "x", "xAxisTitle", "yAxisTitle"])
      if (typeof element[name] === "string") words.push(element[name]);
  });
  return words;
}

function walk(value: unknown, visit: (element: Fields) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    visit(value as Fields);
    for (const inner of Object.values(value)) walk(inner, visit);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
