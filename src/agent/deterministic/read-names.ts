import { lastPart, wordsOf } from "../../core/value-names.ts";
import { isPlain } from "./everyday.ts";
import { conceptAt, KNOWN_WORDS, STOP_WORDS } from "./lexicon.ts";
import { phraseIn, type State } from "./reading-state.ts";
import { stem } from "./stem.ts";
import type { Named, ValueName, Vocabulary } from "./vocabulary.ts";

const ARGUMENT_BEFORE: ReadonlySet<string> = new Set([
  "on",
  "for",
  "of",
  "by",
  "in",
  "from",
  "at",
  "per",
  "with",
  "about",
  "does",
  "did",
  "do",
  "only",
  "just",
  "without",
  "excluding",
  "to",
]);
const POINTING: ReadonlySet<string> = new Set(["only", "just", "for", "of", "in", "on"]);
const DATA_WORDS: ReadonlySet<string> = new Set(["dataset", "datasets", "data", "file", "table", "source"]);
/** Words for what AI is used, wherever that is known. */
export const AI_WORDS: ReadonlySet<string> = new Set(["ai", "llm", "llms", "claude", "anthropic", "genai"]);
/** Systems people ask about by name; one that is not connected is the point of the question. */
const OTHER_VENDORS: ReadonlySet<string> = new Set(
  "gitlab bitbucket azure gcp datadog splunk salesforce hubspot zendesk intercom linear asana trello servicenow grafana prometheus snowflake databricks bigquery workday stripe shopify notion figma opsgenie jenkins circleci vercel netlify heroku cloudflare openai gemini mistral linkedin twitter copilot cursor windsurf chatgpt sonarqube snyk artifactory smartsheet tableau looker mixpanel amplitude marketo mailchimp zapier".split(
    " ",
  ),
);
const ARTICLES: ReadonlySet<string> = new Set(["the", "a", "an", "my", "our", "this", "me"]);
const VENDORS: Readonly<Record<string, readonly string[]>> = {
  aws: ["aws", "amazon"],
  amazon: ["aws", "amazon"],
  azure: ["azure", "microsoft"],
  microsoft: ["azure", "microsoft"],
  google: ["google", "gcp"],
  gcp: ["google", "gcp"],
  oracle: ["oracle", "oci"],
  oci: ["oracle", "oci"],
};

export function readDataset(state: State, index: number): number {
  const { words, vocabulary, slots } = state;
  for (let length = Math.min(4, words.length - index); length > 0; length--) {
    const phrase = words
      .slice(index, index + length)
      .flatMap(wordsOf)
      .join(" ");
    const name = vocabulary.datasets.get(phrase);
    if (!name) continue;
    // "stock issues" is a measure, though there is a dataset "stock".
    if ((phraseIn(vocabulary.measures, words, index, 4)?.length ?? 0) > length) return 0;
    const pointed = DATA_WORDS.has(words[index + length] ?? "") || DATA_WORDS.has(words[index - 1] ?? "");
    if (!pointed && (KNOWN_WORDS.has(phrase) || vocabulary.measures.has(phrase) || vocabulary.dimensions.has(phrase))) continue;
    slots.dataset = name;
    state.features.push("{dataset}");
    return length + (DATA_WORDS.has(words[index + length] ?? "") ? 1 : 0);
  }
  return 0;
}

/** "bugs" and "stories": what issues are called by their type. They are counted and listed as the issues of that type. */
export function readKind(state: State, index: number): number {
  const word = stem(state.words[index] ?? "");
  if (word.length < 3 || state.vocabulary.measures.has(state.words[index] ?? "")) return 0;
  for (const { feed, about } of state.vocabulary.sources) {
    const types = feed.kind === "issues" ? about.dimensions.find(({ name }) => name === "type") : undefined;
    const found = types?.values.find((value) => stem(value.toLowerCase()) === word);
    const [measure] = about.measures;
    if (found === undefined || !measure) continue;
    state.slots.filter.type = [...(state.slots.filter.type ?? []), found];
    state.slots.measure ??= { name: measure.name, feed: feed.name };
    state.features.push("delivery", "{measure}");
    return 1;
  }
  return 0;
}

/** "failure rate": with these a value's word is the name of a figure, and narrows nothing. */
const FIGURES: ReadonlySet<string> = new Set(["rate", "rates", "ratio", "frequency"]);

export function readValue(state: State, index: number): number {
  const { words } = state;
  if (FIGURES.has(words[index + 1] ?? "")) return 0;
  for (let length = Math.min(7, words.length - index); length > 0; length--) {
    const some = words.slice(index, index + length);
    if (some.some((w) => w.startsWith("⟨") || w.startsWith("{")) || (length === 1 && STOP_WORDS.has(some[0] ?? ""))) continue;
    const taken = takeValue(state, index, some);
    if (taken > 0) return taken;
  }
  return 0;
}

/** Words at `index` that are a value, or the beginning of a name nobody knows. */
function takeValue(state: State, index: number, some: readonly string[]): number {
  const { words, vocabulary } = state;
  const { length } = some;
  const found = lookUpValue(vocabulary, some) ?? (length === 2 ? namesWith(vocabulary, some) : undefined);
  const named = [vocabulary.measures, vocabulary.datasets].map((names) => phraseIn<unknown>(names, words, index, 4)?.length ?? 0);
  if (!found || Math.max(...named) > length) return 0;
  const near = dimensionBeside(state, index, length);
  const isPointed =
    POINTING.has(words[index - 1] ?? "") && !phraseIn(vocabulary.dimensions, words, index, 4) && !vocabulary.measures.has(some.join(" "));
  const isAlone = words.length <= 2 && length === words.length;
  const usable = found.filter((v) => !v.everyday || near.includes(v.dimension) || isPointed || isAlone);
  if (usable.length === 0) return 0;
  if (isBeginning(state, index + length, usable)) {
    state.foreign.push({ word: words.slice(index, index + length + 1).join(" "), argument: true, plain: false });
    return length + 1;
  }
  const pointed = usable.filter((v) => near.includes(v.dimension));
  addValues(state, pointed.length > 0 ? pointed : usable, some.join(" "));
  return length;
}

const MOST_NAMES = 40;

/** "data transfer" where several names of one kind have those words side by side: USE1-DataTransfer-Out-Bytes and its like. */
function namesWith(vocabulary: Vocabulary, some: readonly string[]): ValueName[] | undefined {
  if (!some.every((word) => word.length > 2 && vocabulary.words.has(word) && !STOP_WORDS.has(word))) return undefined;
  const names = new Map<string, ValueName>();
  for (const all of vocabulary.values.values())
    for (const { dimension, value } of all)
      if (` ${wordsOf(value).join(" ")} `.includes(` ${some.join(" ")} `))
        names.set(`${dimension} ${value}`, { dimension, value, everyday: false });
  const found = [...names.values()];
  const isOneKind = new Set(found.map(({ dimension }) => dimension)).size === 1;
  return found.length > 1 && found.length <= MOST_NAMES && isOneKind ? found : undefined;
}

/** "data transfer": an everyday word that happens to be a value, and with the next one names something nobody here knows. */
function isBeginning({ words, vocabulary, exampleWords }: State, next: number, found: readonly { everyday: boolean }[]): boolean {
  const word = words[next] ?? "";
  const isNoun = /^[a-z]{4,}$/.test(word) && !isPlain(word) && !STOP_WORDS.has(word) && !KNOWN_WORDS.has(word);
  return isNoun && found.every(({ everyday }) => everyday) && !vocabulary.words.has(word) && !exampleWords.has(word);
}

function lookUpValue(vocabulary: Vocabulary, some: readonly string[]) {
  const words = some.flatMap(wordsOf);
  return (
    vocabulary.values.get(words.join("")) ??
    (words.length > 1 && VENDORS[words[0] ?? ""] ? vocabulary.values.get(words.slice(1).join("")) : undefined)
  );
}

/** "our AWS bill" says nothing new where everything is AWS; "Azure" there is a name nobody knows. */
export function readVendor(state: State, index: number): number {
  const names = VENDORS[state.words[index] ?? ""];
  const word = state.words[index] ?? "";
  const isSource = state.vocabulary.sources.some(({ feed }) => feed.name.startsWith(`${word}_`));
  return isSource || names?.some((name) => state.vocabulary.words.has(name)) ? 1 : 0;
}

function addValues(state: State, found: readonly { dimension: string; value: string }[], said: string): void {
  const dimensions = [...new Set(found.map((v) => v.dimension))];
  const key = wordsOf(said).join("");
  const exact = found.filter((v) => wordsOf(v.value).join("") === key || lastPart(v.value) === key);
  const best = new Set((exact.length > 0 ? exact : found).map((v) => v.dimension));
  const chosen = dimensions.find((d) => best.has(d)) ?? dimensions[0] ?? "";
  const valuesOf = (dimension: string) => found.filter((v) => v.dimension === dimension).map((v) => v.value);
  if (best.size > 1) state.slots.ambiguous.push({ value: said, of: new Map([...best].map((d) => [d, valuesOf(d)])) });
  const values = valuesOf(chosen);
  state.slots.filter[chosen] = [...new Set([...(state.slots.filter[chosen] ?? []), ...values])];
  state.features.push("{value}");
}

/** Names of a dimension said right before or after: "the production account", "region us-east-1". */
function dimensionBeside(state: State, index: number, length: number): string[] {
  const { words, vocabulary } = state;
  const after = phraseIn(vocabulary.dimensions, words, index + length, 2);
  const before =
    vocabulary.dimensions.get(words[index - 1] ?? "") ?? vocabulary.dimensions.get(words.slice(Math.max(0, index - 2), index).join(" "));
  return [...(after?.found ?? []), ...(before ?? [])].map((d) => d.name);
}

export function readDimension(state: State, index: number): number {
  const match = phraseIn(state.vocabulary.dimensions, state.words, index, 4);
  if (!match) return 0;
  if (isCounted(state, index)) return 0;
  state.dimensionsSeen.push({ index: state.features.length, names: [...new Set(match.found.map((d) => d.name))] });
  state.features.push("{dimension}");
  return match.length;
}

/** "how many active customers" and "customers by plan" count them, where there is such a measure. */
function isCounted({ features, words, vocabulary }: State, index: number): boolean {
  const measure = phraseIn(vocabulary.measures, words, index, 4);
  if (!measure) return false;
  const asked = features.lastIndexOf("orders");
  const isNumber = asked >= 0 && features.slice(asked + 1).every((feature) => feature === "{value}");
  return isNumber || (features.length === 0 && ["by", "per"].includes(words[index + measure.length] ?? ""));
}

export function readMeasure(state: State, index: number): number {
  const match = phraseIn(state.vocabulary.measures, state.words, index, 4);
  // "run the report" asks for no runs.
  if (match?.length === 1 && STOP_WORDS.has(state.words[index] ?? "") && ARTICLES.has(state.words[index + 1] ?? "")) return 0;
  const sourceOf = (name: string) => state.vocabulary.sources.find((s) => s.feed.name === name);
  // "cost" alone is what the bill says, also where another source counts costs of its own. A source that knows no values has no rows.
  const isFilled = ({ feed }: Named) => sourceOf(feed)?.about.dimensions.some(({ values }) => values.length > 0);
  const isMain = ({ feed, name }: Named) => sourceOf(feed)?.about.measures[0]?.name === name;
  const first =
    match?.found.find(({ feed }) => sourceOf(feed)?.feed.kind === "costs") ??
    match?.found.find((named) => isFilled(named) && isMain(named)) ??
    match?.found.find(isFilled) ??
    match?.found[0];
  if (!match || !first) return 0;
  const source = sourceOf(first.feed);
  const isDefault = isMain(first);
  if (source?.feed.kind === "costs") {
    state.features.push("cost");
    if (!isDefault) state.slots.measure = first;
  } else {
    const concept = match.length > 1 ? conceptAt(state.words, index)?.concept : undefined;
    state.features.push(...(concept === "delivery" ? [concept] : []), "{measure}");
    state.slots.measure ??= first;
  }
  return match.length;
}

export function readForeign(state: State, index: number): number {
  const { words } = state;
  const isPointed = POINTING.has(words[index - 1] ?? "");
  const isNoName = (state.exampleWords.has(words[index] ?? "") && !isPointed) || FIGURES.has(words[index + 1] ?? "");
  const partial = isNoName ? undefined : partOfName(state.vocabulary, words[index] ?? "");
  if (partial) {
    addValues(state, [partial], words[index] ?? "");
    return 1;
  }
  let before = index - 1;
  while (before >= 0 && ["the", "our", "a", "an", "my", "this", "that", "all"].includes(words[before] ?? "")) before--;
  const word = words[index] ?? "";
  const plain = isPlain(word) || (AI_WORDS.has(word) && state.vocabulary.sources.some(({ feed }) => feed.kind === "ai_usage"));
  state.foreign.push({
    word,
    argument: !plain && (/\d/.test(word) || OTHER_VENDORS.has(word) || ARGUMENT_BEFORE.has(words[before] ?? "")),
    plain,
  });
  return 1;
}

/** "queue" where only one name has that word. */
function partOfName(vocabulary: Vocabulary, word: string): { dimension: string; value: string } | undefined {
  if (word.length < 4 || !vocabulary.words.has(word)) return undefined;
  const holders = new Map<string, { dimension: string; value: string }>();
  for (const all of vocabulary.values.values())
    for (const found of all) if (wordsOf(found.value).includes(word)) holders.set(`${found.dimension} ${found.value}`, found);
  return holders.size === 1 ? [...holders.values()][0] : undefined;
}
