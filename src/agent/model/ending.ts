import type { Turn } from "../../core/agent.ts";
import type { Receipt } from "../../core/fact.ts";
import type { Block, Reply } from "../../core/reply.ts";
import type { Finding } from "../../core/tool.ts";
import { noticeOf } from "../grounding/index.ts";
import { deniedDeed } from "./deeds.ts";
import { cut, describeLimit, type ModelLimits } from "./limits.ts";
import type { TurnLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { Progress } from "./progress.ts";
import type { Release } from "./release.ts";
import { ModelUnavailable, REASONS } from "./unavailable.ts";

/** Why the loop ended. */
export type End = { why: "done" } | { why: "stopped" } | { why: "time" } | { why: "failed"; failure: ModelUnavailable };

export interface EndingOptions {
  turn: Turn;
  limits: ModelLimits;
  log: TurnLog;
  meter: Meter;
  progress: Progress;
  release: Release;
}

/**
 * The final reply: the text shown so far, what was found when the model did not get to say it, and why it ended early.
 * Throws ModelUnavailable when the model failed with nothing found.
 */
export function finalReply(options: EndingOptions, end: End): Reply {
  const { turn, log, meter, progress, release } = options;
  const failure = failureWithNothing(options, end);
  if (failure) throw failure;

  const isWhole = end.why === "done" && log.limit !== "outputTokens";
  const parts = [isWhole ? progress.text : brokenOff(progress.text)];
  if (!progress.said || end.why === "failed" || end.why === "time") parts.push(foundSoFar(log.findings));
  parts.push(closingWords(options, end));
  const { figures } = release.outcome();
  const notice = noticeFor(options);
  return {
    text: parts.filter((part) => part !== "").join("\n\n"),
    blocks: blocksOf(log.findings),
    receipts: receiptsOf(log.findings),
    suggestions: log.findings.at(-1)?.suggestions ?? log.advice,
    ...(notice ? { notice } : {}),
    ...(figures.length > 0 ? { figures } : {}),
    final: true,
    turn: { id: turn.id, conversation: turn.message.conversation, agent: "model", tools: log.calls, usage: meter.usage() },
  };
}

/** What a reader must know of the words that were said; "" when they stand for themselves. */
function noticeFor({ turn, log, progress, release }: EndingOptions): string {
  const { marked } = release.outcome();
  const deed = deniedDeed(progress.text, turn.message.text, log.findings);
  return [...(marked.length > 0 ? [noticeOf(marked)] : []), ...(deed ? [deed] : [])].join(" ");
}

/** A sentence that breaks off is seen to. */
function brokenOff(text: string): string {
  return /[\p{L}\p{N},]\s*$/u.test(text) ? `${text}${/\s$/.test(text) ? "" : " "}…` : text;
}

function failureWithNothing(options: EndingOptions, end: End): ModelUnavailable | undefined {
  const { log, meter, progress } = options;
  if (log.findings.length > 0) return undefined;
  const begun = { said: brokenOff(progress.text), notice: noticeFor(options), usage: meter.usage() };
  if (end.why === "failed") return new ModelUnavailable(end.failure.reason, end.failure.detail, begun);
  // With a tool under way the model did its part: another way to answer would wait for the same source.
  if (end.why === "time" && log.toolCalls === 0) return new ModelUnavailable(REASONS.slow, "", begun);
  return undefined;
}

function closingWords({ limits, log, progress }: EndingOptions, end: End): string {
  const nothing = progress.text === "" && log.findings.length === 0;
  const short = nothing ? "I could not find an answer" : "This answer was cut short";
  if (end.why === "stopped") return nothing ? "Stopped before there was an answer." : "Stopped before the answer was complete.";
  if (end.why === "failed") return `${short}: ${end.failure.reason}.`;
  if (end.why === "time")
    return `${short}: it met ${describeLimit("turnMs", limits)}${waitingFor(log)}. Ask for a shorter period or for one thing.`;
  if (log.limit)
    return `${nothing ? short : "This answer may be incomplete"}: it met ${describeLimit(log.limit, limits)}. A narrower question gets further.`;
  return "";
}

function waitingFor(log: TurnLog): string {
  return log.running.size > 0 ? ` while it waited for ${[...log.running].join(", ").toLowerCase()}` : "";
}

const FINDINGS_TOLD = 6;
const WORDS_PER_FINDING = 1_500;

/** The tools' own words for their latest findings. */
function foundSoFar(findings: readonly Finding[]): string {
  const words = findings.slice(-FINDINGS_TOLD).map((finding) => {
    const [first] = finding.blocks;
    return cut(first?.type === "markdown" ? first.text : finding.content, WORDS_PER_FINDING, () => "…");
  });
  return words.length > 0 ? ["What I found:", ...new Set(words)].join("\n\n") : "";
}

const BLOCKS_SHOWN = 6;

/** Everything of the findings but their answer in words, which the model has put in its own; the latest, each once. */
function blocksOf(findings: readonly Finding[]): Block[] {
  const unique = new Map<string, Block>();
  for (const finding of findings) {
    const rest = finding.blocks[0]?.type === "markdown" ? finding.blocks.slice(1) : finding.blocks;
    for (const block of rest) {
      const key = JSON.stringify(block);
      // Away first, so that it takes the latest place.
      unique.delete(key);
      unique.set(key, block);
    }
  }
  return [...unique.values()].slice(-BLOCKS_SHOWN);
}

function receiptsOf(findings: readonly Finding[]): Receipt[] {
  const unique = new Map<string, Receipt>();
  for (const receipt of findings.flatMap((finding) => finding.receipts)) unique.set(receipt.id, receipt);
  return [...unique.values()];
}
