import { type HonestAnswer, type Part, textOf } from "./honest.ts";

/** Honest answers with one lie in them. */

export type Lie = "invented number" | "swapped unit" | "shifted decimal" | "wrong date" | "unknown name" | "wrong sum";
export const LIES: readonly Lie[] = ["invented number", "swapped unit", "shifted decimal", "wrong date", "unknown name", "wrong sum"];

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const STRANGERS = [
  "Amazon Redshift",
  "Snowflake",
  "Datadog",
  "Azure Cosmos",
  "ElastiCache",
  "billing-gateway",
  "Kinesis",
  "Jenkins",
  "Project Orion",
  "Acme Logistics",
];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

interface Told {
  text: string;
  was: string;
  became: string;
}

/** The answer with one part falsified in the given way; undefined when it has no part for it. */
export function lie(answer: HonestAnswer, kind: Lie, random: Random): Told | undefined {
  const able = answer.parts.flatMap((part, index) => (falsify(part, kind, () => 0.3) === undefined ? [] : [index]));
  if (able.length === 0) return undefined;
  const index = pick(random, able);
  const part = answer.parts[index];
  const became = part && falsify(part, kind, random);
  if (!part || became === undefined || became === part.text) return undefined;
  return { text: textOf(answer.parts.with(index, { ...part, text: became })), was: part.text, became };
}

const FIGURES = new Set(["money", "percent", "number", "time", "sum"]);

function falsify({ kind, text }: Part, how: Lie, random: Random): string | undefined {
  if (how === "wrong date") return kind === "date" ? otherDate(text, random) : undefined;
  if (how === "unknown name") return kind === "name" ? text.replace(/[^*`]+/, pick(random, STRANGERS)) : undefined;
  if (how === "wrong sum") return kind === "sum" ? scaled(text, pick(random, [0.82, 0.9, 0.94, 1.07, 1.12, 1.3])) : undefined;
  if (!FIGURES.has(kind)) return undefined;
  if (how === "invented number") return kind === "sum" ? undefined : redigited(text, random);
  if (how === "shifted decimal") return scaled(text, pick(random, [10, 0.1]));
  return otherUnit(text, kind, random);
}

/** Every digit anew, none of them as it was. */
function redigited(text: string, random: Random): string | undefined {
  return /\d/.test(text)
    ? text.replace(/\d/g, (digit, at: number) => {
        const first = !/\d/.test(text.slice(0, at));
        const others = [..."0123456789"].filter((other) => other !== digit && !(first && other === "0"));
        return pick(random, others);
      })
    : undefined;
}

/** The number times a factor, in the same format. */
function scaled(text: string, factor: number): string | undefined {
  const found = /\d[\d,]*(?:\.\d+)?/.exec(text)?.[0];
  if (!found) return undefined;
  const decimals = found.split(".")[1]?.length ?? 0;
  const value = Number(found.replaceAll(",", "")) * factor;
  const next = value.toLocaleString("en-US", {
    minimumFractionDigits: factor < 1 && decimals === 0 && value < 100 ? 1 : decimals,
    maximumFractionDigits: Math.max(decimals, value < 100 ? 2 : 0),
    useGrouping: found.includes(",") || factor > 1,
  });
  return text.replace(found, next);
}

function otherUnit(text: string, kind: Part["kind"], random: Random): string | undefined {
  if (/[$]|USD|dollars/.test(text))
    return text
      .replace("$", "€")
      .replace("USD", pick(random, ["EUR", "GBP"]))
      .replace("dollars", "euros");
  if (/€|EUR|euros/.test(text)) return text.replace("€", "$").replace("EUR", "USD").replace("euros", "dollars");
  if (/%|percent/.test(text)) return text.replace(/\s?(?:%|percent)/, pick(random, ["x", " times", " ms", " USD"]));
  if (/ ms/.test(text)) return text.replace(" ms", pick(random, [" s", " minutes"]));
  if (/ hours/.test(text)) return text.replace(" hours", pick(random, [" minutes", " days"]));
  if (/ days/.test(text)) return text.replace(" days", " hours");
  if (/times/.test(text)) return text.replace(" times", "%");
  return kind === "number" && /\d/.test(text) ? text.replace(/([\d,.]+k?)/, "$$$1") : undefined;
}

/** Another month, or another year where there is no name of a month. */
function otherDate(text: string, random: Random): string | undefined {
  const month = MONTHS.findIndex((name) => text.includes(name) || new RegExp(`\\b${name.slice(0, 3)}\\b`).test(text));
  if (month >= 0) {
    const other = (month + 2 + Math.floor(random() * 8)) % 12;
    const long = MONTHS[month] ?? "";
    return text.includes(long)
      ? text.replace(long, MONTHS[other] ?? "")
      : text.replace(long.slice(0, 3), (MONTHS[other] ?? "").slice(0, 3));
  }
  return /20\d\d/.test(text) ? text.replace(/20\d\d/, pick(random, ["2021", "2022", "2023"])) : undefined;
}
