import { isCurrency } from "../../../src/core/format.ts";
import type { Cell, Column, TableBlock } from "../../../src/core/reply.ts";
import type { Asked } from "./findings.ts";

/** Honest answers to real findings, in the words and formats of language models, as parts that can be falsified one by one. */

export type PartKind = "words" | "money" | "percent" | "number" | "time" | "date" | "name" | "sum" | "loose";

export interface Part {
  kind: PartKind;
  text: string;
}

export interface HonestAnswer {
  asked: Asked;
  parts: readonly Part[];
}

export const textOf = (parts: readonly Part[]): string => parts.map(({ text }) => text).join("");

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const SYMBOL: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£" };
const grouped = (value: number, digits: number) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const significant = (value: number, digits: number) => {
  const worth = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
  return Math.round(value / worth) * worth;
};

/** Money as models write it. */
export function sayMoney(random: Random, value: number, currency: string, kind: PartKind = "money"): Part {
  const size = Math.abs(value);
  const sign = SYMBOL[currency] ?? `${currency} `;
  const cents = size >= 100_000 ? 0 : 2;
  const full = grouped(size, cents);
  const forms: (() => string)[] = [
    () => `${sign}${full}`,
    () => `${sign}${full}`,
    () => `**${sign}${full}**`,
    () => `${full} ${currency}`,
    () => `${currency} ${full}`,
  ];
  if (size >= 100)
    forms.push(
      () => `${sign}${grouped(size, 0)}`,
      () => `about ${sign}${grouped(significant(size, 3), 0)}`,
      () => `roughly ${sign}${grouped(size, 0)}`,
    );
  if (size >= 1_000)
    forms.push(
      () => `${sign}${(size / 1000).toFixed(1)}k`,
      () => `${sign}${(size / 1000).toFixed(2)}K`,
      () => `~${sign}${(size / 1000).toFixed(size > 10_000 ? 0 : 1)}k`,
      () => `about ${(size / 1000).toFixed(1)} thousand ${currency === "EUR" ? "euros" : currency === "USD" ? "dollars" : currency}`,
      () => `just over ${sign}${grouped(Math.floor(size / 100) * 100, 0)}`,
      () => `nearly ${sign}${grouped(Math.ceil(size / 100) * 100, 0)}`,
    );
  if (size >= 1_000_000)
    forms.push(
      () => `${sign}${(size / 1e6).toFixed(2)}M`,
      () => `${sign}${(size / 1e6).toFixed(1)} million`,
    );
  return { kind, text: pick(random, forms)() };
}

/** A share: 0.3426 → "34.3%", "about a third". */
export function sayShare(random: Random, ratio: number, kind: PartKind = "percent"): Part {
  const percent = Math.abs(ratio) * 100;
  const one = Number(percent.toFixed(1));
  const forms = [() => `${one}%`, () => `${one.toFixed(1)}%`, () => `${one} %`, () => `**${one}%**`];
  if (percent >= 10)
    forms.push(
      () => `${Math.round(percent)}%`,
      () => `roughly ${Math.round(percent)} %`,
      () => `about ${Math.round(percent)} percent`,
    );
  const worded = (
    [
      [50, "about half"],
      [33.3, "about a third"],
      [25, "about a quarter"],
      [66.7, "about two thirds"],
      [75, "about three quarters"],
      [20, "about a fifth"],
    ] as const
  ).find(([of]) => Math.abs(of - percent) < of * 0.06);
  if (worded && kind === "percent" && random() < 0.4) return { kind: "loose", text: worded[1] };
  return { kind, text: pick(random, forms)() };
}

function sayNumber(random: Random, value: number, unit: string): Part {
  const size = Math.abs(value);
  const exact = grouped(size, Number.isInteger(size) ? 0 : size >= 1000 ? 0 : 2).replace(/\.?0+$/, (zeros) =>
    zeros.startsWith(".") ? "" : zeros,
  );
  const after = unit && unit !== "count" ? ` ${unit}` : "";
  const forms = [() => exact, () => exact, () => `**${exact}**`];
  if (size >= 1_000)
    forms.push(
      () => `${(size / 1000).toFixed(1)}k`,
      () => `about ${grouped(significant(size, 3), 0)}`,
      () => `nearly ${grouped(Math.ceil(size / 10) * 10, 0)}`,
    );
  const text = pick(random, forms)();
  return { kind: /^(?:ms|hours|days|minutes)$/.test(unit) ? "time" : "number", text: `${text}${after}` };
}

function sayCell(random: Random, value: number, column: Column): Part {
  if (column.type === "money" && isCurrency(column.unit)) return sayMoney(random, value, column.unit);
  return column.type === "percent" ? sayShare(random, value) : sayNumber(random, value, column.unit ?? "");
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A day as people and models write it; the first of a month may name the month. */
export function sayDay(random: Random, iso: string, month = false): Part {
  const [year = 0, m = 1, day = 1] = iso.slice(0, 10).split("-").map(Number);
  const long = MONTHS[m - 1] ?? "";
  const short = long.slice(0, 3);
  const th = day % 10 === 1 && day !== 11 ? "st" : day % 10 === 2 && day !== 12 ? "nd" : day % 10 === 3 && day !== 13 ? "rd" : "th";
  const forms = month
    ? [`${long} ${year}`, `${short} ${year}`, long, `${year}-${String(m).padStart(2, "0")}`]
    : [
        iso.slice(0, 10),
        `${day} ${long} ${year}`,
        `${long} ${day}, ${year}`,
        `${day} ${short}`,
        `${short} ${day}`,
        `${long} ${day}${th}`,
        `${String(m).padStart(2, "0")}/${String(day).padStart(2, "0")}/${year}`,
      ];
  return { kind: "date", text: pick(random, forms) };
}

function sayWindow(random: Random, from: string, to: string): Part[] {
  const [y, m, d] = from.split("-").map(Number);
  const [, n, e] = to.split("-").map(Number);
  const long = MONTHS[(m ?? 1) - 1] ?? "";
  const w = (text: string): Part => ({ kind: "words", text });
  const date = (text: string): Part => ({ kind: "date", text });
  if (d === 1 && m === n && from.slice(0, 7) === to.slice(0, 7))
    return [
      pick(random, [
        date(`${long} ${y}`),
        date(`${d}–${e} ${long} ${y}`),
        date(`${long} ${d}–${e}, ${y}`),
        date(`${d} to ${e} ${long.slice(0, 3)} ${y}`),
      ]),
    ];
  return [sayDay(random, from), w(pick(random, [" to ", " – ", " through "])), sayDay(random, to)];
}

const w = (text: string): Part => ({ kind: "words", text });

/** A name, as it is or shortened as models do. */
function sayName(random: Random, name: string): Part {
  const bare = name.replace(/^(?:Amazon|AWS|Google) ?(?=\p{Lu})/u, "");
  const letters = bare
    .split(" ")
    .map((word) => word[0] ?? "")
    .join("")
    .toUpperCase();
  const initials = letters.replace(/(.)\1+/g, (same, letter) => `${letter}${same.length}`);
  const known = ["EC2", "S3", "RDS", "SQS", "KMS"].includes(initials);
  const forms = [
    name,
    name,
    bare,
    `**${name}**`,
    ...(known ? [initials, `Amazon ${initials}`] : []),
    ...(/[-/]/.test(name) ? [`\`${name}\``] : []),
  ];
  return { kind: "name", text: pick(random, forms) };
}

interface Line {
  name: string;
  values: readonly Cell[];
}

/** The rows of a table that the model is shown, of tables whose rows have names of their own. */
function linesOf(table: TableBlock, content: string): Line[] {
  const width = table.columns.findIndex(({ type }) => type !== "text");
  const lines = table.rows
    .filter(([name]) => typeof name === "string" && !/^\d+ others?$|^\d{4}-/.test(name) && content.includes(`| ${name} |`))
    .map((values) => ({ name: values.slice(0, Math.max(1, width)).join(" · "), values }))
    .filter(({ name }) => name.length < 60);
  return new Set(lines.map(({ name }) => name)).size === lines.length && !/^(?:explains|other reading)/.test(lines[0]?.name ?? "")
    ? lines
    : [];
}

const ASIDES = [
  "Nothing else moved much.",
  "Note that these are associations in the data, not causes.",
  "The table below has the rest.",
  "That is the largest share by far.",
  "However, the picture is mixed across the others.",
  "Two things stand out.",
  "The chart shows how it developed.",
  "Most of it comes from a handful of lines.",
  "If you need a different split, name the dimension.",
  "This looks like steady growth rather than a one-off.",
  "Because the month is not over, treat it as provisional.",
  "One caveat: the rest was not looked at in detail.",
  "No single cause stands out.",
  "Compared with before, the order is unchanged.",
  "I cannot tell from this data why.",
];
const OPENERS = ["", "", "In short: ", "Yes. ", "Here is what the data says:\n\n", "Overall, ", "Based on the results, "];

/** One answer to one finding. Undefined when the finding has no table of figures. */
export function honestAnswer(asked: Asked, random: Random): HonestAnswer | undefined {
  const { finding } = asked;
  const tables = finding.blocks.filter((block) => block.type === "table");
  const able = tables.filter(
    (table) => table.columns.some(({ type }, i) => i > 0 && type !== "text" && type !== "date") && table.rows.length > 1,
  );
  if (able.length === 0) return undefined;
  const table = pick(random, able);
  const windows = finding.receipts.flatMap(({ window }) => (window ? [window] : []));
  const parts: Part[] = [w(pick(random, OPENERS))];
  const count = 1 + Math.floor(random() * 4);
  for (let i = 0; i < count; i++) {
    const sentence = pick(random, SENTENCES)(random, table, finding.content);
    if (sentence) parts.push(...sentence, w(pick(random, [" ", " ", "\n\n"])));
  }
  const window = windows[0];
  if (window && random() < 0.4 && finding.content.includes(String(window.to.slice(0, 4)))) {
    const said = sayWindow(random, window.from, window.to);
    if (saysDay(finding.content, window.to) && saysDay(finding.content, window.from)) parts.push(w("This covers "), ...said, w(". "));
  }
  if (random() < 0.4) parts.push(w(pick(random, ASIDES)));
  return parts.some(({ kind }) => kind !== "words") ? { asked, parts } : undefined;
}

/** The model sees the content alone, which may not name the window of a receipt. */
function saysDay(content: string, iso: string): boolean {
  const [year, month = 1, day = 1] = iso.split("-").map(Number);
  const name = MONTHS[month - 1];
  return (
    content.includes(iso) ||
    content.includes(`${day} ${name} ${year}`) ||
    (day === 1 || day > 27 ? content.includes(` ${name} ${year}`) : false)
  );
}

type Sentence = (random: Random, table: TableBlock, content: string) => Part[] | undefined;

function numberColumns(table: TableBlock): number[] {
  return table.columns.flatMap(({ type }, i) => (i > 0 && (type === "money" || type === "number") ? [i] : []));
}

const number = (value: Cell | undefined): number | undefined => (typeof value === "number" && value !== 0 ? value : undefined);

const SENTENCES: readonly Sentence[] = [
  // A row and its figure.
  (random, table, content) => {
    const line = pick(random, linesOf(table, content));
    const column = pick(random, numberColumns(table));
    const about = column === undefined ? undefined : table.columns[column];
    const value = column === undefined ? undefined : number(line?.values[column]);
    if (!line || !about || value === undefined) return undefined;
    const name = sayName(random, line.name);
    const said = sayCell(random, value, about);
    return pick(random, [
      [name, w(": "), said, w(".")],
      [name, w(" came to "), said, w(".")],
      [w("The "), w(about.label.toLowerCase()), w(" of "), name, w(" was "), said, w(".")],
      [w("For "), name, w(" it was "), said, w(".")],
    ]);
  },
  // A list with shares.
  (random, table, content) => {
    const column = numberColumns(table)[0];
    const share = table.columns.findIndex(({ label }) => label === "share");
    const lines = linesOf(table, content).slice(0, 2 + Math.floor(random() * 4));
    const about = column === undefined ? undefined : table.columns[column];
    if (column === undefined || !about || lines.length < 2) return undefined;
    const numbered = random() < 0.5;
    return [
      w(pick(random, ["The largest:\n", `The top ${lines.length}:\n`, "By size:\n"])),
      ...lines.flatMap((line, i): Part[] => {
        const value = number(line.values[column]);
        const part = share < 0 ? undefined : number(line.values[share]);
        if (value === undefined) return [];
        return [
          w(numbered ? `${i + 1}. ` : "- "),
          sayName(random, line.name),
          w(pick(random, [": ", " – ", " — "])),
          sayCell(random, value, about),
          ...(part === undefined ? [] : [w(" ("), sayShare(random, part), w(")")]),
          w("\n"),
        ];
      }),
    ];
  },
  // Two rows together, apart, and in proportion.
  (random, table, content) => {
    const column = pick(random, numberColumns(table));
    const about = column === undefined ? undefined : table.columns[column];
    const lines = linesOf(table, content);
    const [a, b] = [pick(random, lines), pick(random, lines)];
    if (!about || column === undefined || !a || !b || a === b || about.type !== "money") return undefined;
    const [x, y] = [number(a.values[column]), number(b.values[column])];
    if (x === undefined || y === undefined || x <= 0 || y <= 0) return undefined;
    const [first, second] = [sayName(random, a.name), sayName(random, b.name)];
    const unit = about.unit ?? "USD";
    return pick(random, [
      () => [first, w(" and "), second, w(" together make "), sayMoney(random, x + y, unit, "sum"), w(".")],
      () => [first, w(" is "), sayMoney(random, Math.abs(x - y), unit, "sum"), w(x > y ? " above " : " below "), second, w(".")],
      () => [
        first,
        w(" is "),
        { kind: "sum" as const, text: `${(Math.max(x, y) / Math.min(x, y)).toFixed(1)} times` },
        w(" apart from "),
        second,
        w("."),
      ],
      () => [
        w("Adding "),
        sayMoneyExact(x, unit),
        w(" for "),
        first,
        w(" and "),
        sayMoneyExact(y, unit),
        w(" for "),
        second,
        w(" gives "),
        sayMoneyExact(x + y, unit, "sum"),
        w("."),
      ],
    ])();
  },
  // The first k together.
  (random, table, content) => {
    const column = numberColumns(table)[0];
    const about = column === undefined ? undefined : table.columns[column];
    const share = table.columns.findIndex(({ label }) => label === "share");
    const lines = linesOf(table, content);
    const k = 2 + Math.floor(random() * 2);
    if (column === undefined || about?.type !== "money" || lines.length < k + 1) return undefined;
    const sum = lines.slice(0, k).reduce((total, line) => total + (number(line.values[column]) ?? 0), 0);
    const part = lines.slice(0, k).reduce((total, line) => total + Number(((number(line.values[share]) ?? 0) * 100).toFixed(1)) / 100, 0);
    const lead = w(pick(random, [`The top ${k} `, `The ${k === 2 ? "two" : "three"} largest `]));
    return [
      lead,
      w("together come to "),
      sayMoney(random, sum, about.unit ?? "USD", "sum"),
      ...(share < 0 ? [] : [w(", "), sayShare(random, part, "sum"), w(" of the total")]),
      w("."),
    ];
  },
  // Before and after.
  (random, table, content) => {
    const before = table.columns.findIndex(({ label }) => /20\d\d|before/.test(label));
    const now = numberColumns(table)[0];
    const line = pick(random, linesOf(table, content));
    if (before < 1 || now === undefined || !line || now === before) return undefined;
    const [x, y] = [number(line.values[now]), number(line.values[before])];
    const about = table.columns[now];
    if (x === undefined || y === undefined || about?.type !== "money" || y <= 0) return undefined;
    const unit = about.unit ?? "USD";
    return [
      sayName(random, line.name),
      w(` ${x > y ? "rose" : "fell"} from `),
      sayMoney(random, y, unit),
      w(" to "),
      sayMoney(random, x, unit),
      ...(Math.abs(x / y - 1) < 0.005
        ? []
        : [w(", a change of "), { kind: "sum" as const, text: `${(Math.abs(x / y - 1) * 100).toFixed(1)}%` }]),
      w("."),
    ];
  },
  // A step of time and its figure; the mean of all.
  (random, table, content) => {
    const dated = table.rows.filter(([day]) => typeof day === "string" && /^20\d\d-\d\d-\d\d$/.test(day) && content.includes(`| ${day} |`));
    const column = pick(random, numberColumns(table));
    const about = column === undefined ? undefined : table.columns[column];
    const row = pick(random, dated);
    const value = column === undefined ? undefined : number(row?.[column]);
    if (!row || !about || value === undefined) return undefined;
    const day = sayDay(random, String(row[0]), table.columns[0]?.label === "month");
    const said = sayCell(random, value, about);
    const lead = w(about.label === "all" || numberColumns(table).length < 2 ? "It was " : `For ${about.label} it was `);
    return pick(random, [
      [lead, said, w(" in "), day, w(".")],
      [day, w(": "), said, w(".")],
      [w("In "), day, w(" we saw "), said, w(".")],
    ]);
  },
  // How many there are.
  (random, table, content) => {
    const lines = linesOf(table, content);
    if (lines.length < 2 || /others|more rows/.test(content)) return undefined;
    return [
      w(pick(random, ["There are ", "The table lists ", "All "])),
      { kind: "loose", text: String(lines.length) },
      w(" of them in the table."),
    ];
  },
  // The headline in the tool's own words.
  (_random, _table, content) => {
    const [first] = content.split("\n");
    return first && first.length < 500 ? [w(first)] : undefined;
  },
  // A range around a figure.
  (random, table, content) => {
    const line = pick(random, linesOf(table, content));
    const column = numberColumns(table)[0];
    const about = column === undefined ? undefined : table.columns[column];
    const value = column === undefined ? undefined : number(line?.values[column]);
    if (!line || about?.type !== "money" || value === undefined || value < 2_000) return undefined;
    const low = Math.floor(value / 1000);
    const sign = SYMBOL[about.unit ?? "USD"] ?? "";
    return [
      sayName(random, line.name),
      w(" is somewhere "),
      { kind: "loose", text: pick(random, [`between ${sign}${low}k and ${sign}${low + 1}k`, `in the ${sign}${low}–${low + 1}k range`]) },
      w("."),
    ];
  },
];

function sayMoneyExact(value: number, unit: string, kind: PartKind = "money"): Part {
  return { kind, text: `${SYMBOL[unit] ?? unit}${grouped(value, value >= 100_000 ? 0 : 2)}` };
}
