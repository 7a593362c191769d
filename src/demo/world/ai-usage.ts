import type { CivilDate } from "../../core/fact.ts";
import { ASSISTANT_SINCE, codingModelOn, KEYS, MODELS, productModelOn, smallModelOn, VERBOSITY } from "./ai-models.ts";
import { activity, DAY, growth, seconds } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { AiUsage, CodingDay } from "./types.ts";

/** Use of language models by day, key and model. What people do with the coding assistant adds up to its own key. */

interface Use {
  key: string;
  model: string;
  requests: number;
  /** Tokens a request. */
  input: number;
  output: number;
  cached: number;
  written: number;
  tier?: AiUsage["tier"];
  searches?: number;
}

export function aiUsageOf(day: CivilDate, coding: readonly CodingDay[], seed: number): AiUsage[] {
  const at = seconds(day);
  const chance = new Chance(seed, `ai ${day}`);
  const busy = 0.35 + 0.65 * activity(at);
  const product = productModelOn(day);
  const talk = VERBOSITY[product] ?? 1;
  const some = (mean: number) => Math.round(mean * chance.around(1, 0.06));
  const isMonday = new Date(at * 1000).getUTCDay() === 1;
  const uses: Use[] = [
    {
      key: "documents-production",
      model: product,
      requests: some(2_150 * busy * growth(at, 0.42)),
      input: 5_200,
      output: 620 * talk,
      cached: 2_600,
      written: 90,
    },
    {
      key: "documents-production",
      model: smallModelOn(day),
      requests: some(3_900 * busy * growth(at, 0.42)),
      input: 900,
      output: 60,
      cached: 400,
      written: 0,
    },
    {
      key: "documents-evaluation",
      model: product,
      requests: isMonday ? some(600) : some(18),
      input: 5_600,
      output: 640 * talk,
      cached: 2_000,
      written: 200,
      tier: "batch",
    },
    {
      key: "ci-review",
      model: codingModelOn(day),
      requests: some(46 * activity(at)),
      input: 9_500,
      output: 900,
      cached: 21_000,
      written: 5_200,
    },
    { key: "notebooks", model: codingModelOn(day), requests: some(70 * activity(at)), input: 3_100, output: 1_250, cached: 0, written: 0 },
    {
      key: "reply-drafts",
      model: smallModelOn(day),
      requests: some(160 * activity(at) * growth(at, 0.2)),
      input: 2_400,
      output: 310,
      cached: 1_700,
      written: 60,
    },
  ];
  const open = (at - seconds(ASSISTANT_SINCE)) / DAY;
  if (open >= -80) {
    const reach = open < 0 ? 0.03 : 1 / (1 + Math.exp(-(open - 21) / 9));
    const requests = some(3_400 * busy * reach * growth(at, 0.3));
    uses.push({
      key: "assistant-production",
      model: product,
      requests,
      input: 2_100,
      output: 380 * talk,
      cached: 7_400,
      written: 350,
      searches: 0.03,
    });
  }
  const rows = uses.filter((u) => created(u.key) <= day && u.requests > 0).map((u) => row(day, u));
  return [...rows, ...ofCoding(day, coding)];
}

function created(key: string): CivilDate {
  return KEYS.find((k) => k.name === key)?.createdAt.slice(0, 10) ?? "9999";
}

function row(
  day: CivilDate,
  { key: name, model, requests, input, output, cached, written, tier = "standard", searches = 0 }: Use,
): AiUsage {
  const key = KEYS.find((k) => k.name === name);
  const tokens = {
    inputTokens: Math.round(requests * input),
    outputTokens: Math.round(requests * output),
    cacheReadTokens: Math.round(requests * cached),
    cacheWriteTokens: Math.round(requests * written),
  };
  const webSearches = Math.round(requests * searches);
  // Batches cost half; a web search costs a cent.
  const cost = costOf(model, tokens) * (tier === "batch" ? 0.5 : 1) + webSearches * 0.01;
  return { day, workspace: key?.workspace ?? "", key: key?.id ?? "", model, tier, requests, ...tokens, webSearches, cost };
}

export type Tokens = Pick<AiUsage, "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens">;

/** USD at list price. */
export function costOf(model: string, tokens: Tokens): number {
  const price = MODELS.find((m) => m.name === model)?.price;
  if (!price) throw new Error(`no price for ${model}`);
  return (
    (tokens.inputTokens * price.input +
      tokens.outputTokens * price.output +
      tokens.cacheReadTokens * price.cacheRead +
      tokens.cacheWriteTokens * price.cacheWrite) /
    1e6
  );
}

function ofCoding(day: CivilDate, coding: readonly CodingDay[]): AiUsage[] {
  const key = KEYS.find((k) => k.name === "claude-code");
  const byModel = Map.groupBy(
    coding.flatMap((c) => c.models.map((m) => ({ ...m, sessions: c.sessions }))),
    (m) => m.model,
  );
  return [...byModel].map(([model, list]) => {
    const sum = (value: (m: (typeof list)[number]) => number) => list.reduce((total, m) => total + value(m), 0);
    return {
      day,
      workspace: key?.workspace ?? "",
      key: key?.id ?? "",
      model,
      tier: "standard",
      requests: sum((m) => m.sessions * 38),
      webSearches: 0,
      inputTokens: sum((m) => m.inputTokens),
      outputTokens: sum((m) => m.outputTokens),
      cacheReadTokens: sum((m) => m.cacheReadTokens),
      cacheWriteTokens: sum((m) => m.cacheWriteTokens),
      cost: sum((m) => m.cost),
    };
  });
}
