import type { CivilDate } from "../../core/fact.ts";
import { eventRound, productModel, roundOf } from "../story.ts";
import type { AiKey, AiModel, AiWorkspace } from "./types.ts";

/** Models with list prices, workspaces and keys. */

function model(name: string, input: number, output: number): AiModel {
  return { name, price: { input, output, cacheRead: input / 10, cacheWrite: input * 1.25 } };
}

export const MODELS: readonly AiModel[] = [
  model("claude-3-haiku", 0.25, 1.25),
  model("claude-3-5-haiku", 0.8, 4),
  model("claude-3-5-sonnet", 3, 15),
  model("claude-sonnet-4", 3, 15),
  model("claude-sonnet-4-5", 3, 15),
  model("claude-haiku-5-5", 1, 5),
  model("claude-sonnet-5-5", 3, 15),
  model("claude-opus-5-5", 5, 25),
];

/** How long a model answers, against the first. */
export const VERBOSITY: Readonly<Record<string, number>> = { "claude-sonnet-4": 1.9, "claude-opus-5-5": 1.45, "claude-sonnet-5-5": 1.3 };

/** The model of documents and assistant on a day. */
export function productModelOn(day: CivilDate): string {
  return productModel(roundOf("model-upgrade", day));
}

/** The model people write code with on a day. */
export function codingModelOn(day: CivilDate): string {
  if (day < "2025-06-03") return "claude-3-5-sonnet";
  if (day < "2025-10-07") return "claude-sonnet-4";
  return day < "2026-07-08" ? "claude-sonnet-4-5" : "claude-sonnet-5-5";
}

export function smallModelOn(day: CivilDate): string {
  return day < "2026-07-08" ? "claude-3-5-haiku" : "claude-haiku-5-5";
}

/** The assistant's launch; before it there was nothing to answer. */
export const ASSISTANT_SINCE = eventRound("launch", 0).from;

function workspace(name: string, at: string): AiWorkspace {
  return { id: `wrkspc_${name.replaceAll("-", "")}`, name, createdAt: `${at}T09:00:00Z` };
}

export const WORKSPACES: readonly AiWorkspace[] = [
  workspace("documents", "2024-02-12"),
  workspace("engineering", "2024-06-03"),
  workspace("data-lab", "2025-01-20"),
  workspace("support-desk", "2025-03-10"),
  workspace("assistant", "2026-02-02"),
];

function key(name: string, space: string, at: string, service: string | null, status: AiKey["status"] = "active"): AiKey {
  const hint = `sk-…${name.slice(0, 2)}${name.length}${name.slice(-2)}`;
  return {
    id: `apikey_${name.replaceAll("-", "")}`,
    name,
    workspace: `wrkspc_${space.replaceAll("-", "")}`,
    hint,
    status,
    createdAt: `${at}T09:30:00Z`,
    createdBy: "quay.bot",
    service,
  };
}

export const KEYS: readonly AiKey[] = [
  key("documents-production", "documents", "2024-02-12", "assistant-api"),
  key("documents-evaluation", "documents", "2024-02-19", null),
  key("claude-code", "engineering", "2024-06-03", null),
  key("first-trial", "engineering", "2024-06-03", null, "inactive"),
  key("ci-review", "engineering", "2025-05-05", null),
  key("notebooks", "data-lab", "2025-01-20", null),
  key("reply-drafts", "support-desk", "2025-03-10", null),
  key("assistant-production", "assistant", "2026-02-02", "assistant-api"),
];
