import type { Report } from "./report.ts";

const BOTH = ["plain_text", "mrkdwn"] as const;

/** A text object. 3,000 characters unless said otherwise. */
export function checkText(
  report: Report,
  value: unknown,
  at: string,
  { types = BOTH, max = 3_000 }: { types?: readonly string[]; max?: number } = {},
): void {
  const text = report.object(value, at);
  if (!text) return;
  if (!types.includes(text.type as string)) report.add(`must be a ${types.join(" or ")} object`, at);
  report.fields(text, at, "type text", text.type === "mrkdwn" ? "verbatim" : "emoji");
  report.string(text.text, `${at}/text`, { max });
}

export function checkPlain(report: Report, value: unknown, at: string, max: number): void {
  checkText(report, value, at, { types: ["plain_text"], max });
}
