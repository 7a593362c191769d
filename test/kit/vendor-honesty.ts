import { inspect } from "node:util";
import { expect } from "vitest";
import type { FeedAnswer } from "../../src/core/feed.ts";
import type { Finding } from "../../src/core/tool.ts";
import { explainError, UserError, VendorError } from "../../src/errors.ts";
import { expectCompleteReceipts } from "./receipts.ts";

/** Stands in the place of a vendor's credentials, and goes nowhere but to the vendor. */
export const SECRET = "conformance-secret-0123456789";
/** What somebody could write into a ticket, a branch or a service name. */
export const HOSTILE =
  "x\u0000\u0007\u001b[31m\u202e\u2028\n# Title\n<script>alert(1)</script> <!channel> <@U1> [click](https://evil.example/?q=1) ![i](https://evil.example/p.png) javascript:alert(1) | `;--";
const FORBIDDEN_IN_TEXT: readonly RegExp[] = [
  /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
  /\]\(https:\/\/evil/,
  /https:\/\/evil/,
  /javascript:/i,
  /^# Title/m,
];

/** An error a person may meet: sentences of ours, the vendor's words cut and harmless, no secret in it or behind it. */
export function expectOurError(error: unknown, about: string): void {
  if (!(error instanceof VendorError || error instanceof UserError))
    expect.fail(`${about}: ${error instanceof Error ? error.stack : error}`);
  const said = explainError(error);
  expect(error.message, about).toMatch(/[A-Z].{10,}[.]$/s);
  expect(said.length, about).toBeLessThan(700);
  expect(said, about).not.toMatch(/<\/?[a-z]+>/i);
  for (const pattern of FORBIDDEN_IN_TEXT) expect(said, about).not.toMatch(pattern);
  expect(inspect(error, { depth: 8 }), about).not.toContain(SECRET);
}

/** What every answer keeps: receipts, finite facts, and words that stay words. */
export function expectHonest(answer: Finding | FeedAnswer, about = ""): void {
  expectCompleteReceipts(answer.receipts);
  for (const fact of answer.facts ?? []) {
    expect(Number.isFinite(fact.value), about).toBe(true);
    expect(Number.isNaN(fact.at.getTime()), about).toBe(false);
    if (fact.url !== undefined) expect(fact.url, about).toMatch(/^https?:\/\/[^\s<>"]+$/);
  }
  const blocks = "blocks" in answer ? answer.blocks : [];
  const texts = [
    ...("content" in answer ? [answer.content] : []),
    ...blocks.flatMap((block) => (block.type === "markdown" ? [block.text] : block.type === "chart" ? [block.alt] : [])),
    ...answer.receipts.flatMap(({ source, query, truncated = "", notes = [] }) => [source, query, truncated, ...notes]),
  ];
  for (const text of texts) {
    for (const pattern of FORBIDDEN_IN_TEXT) expect(text, about).not.toMatch(pattern);
    expect(text, about).not.toContain(SECRET);
  }
}
