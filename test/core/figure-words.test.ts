import { expect, test } from "vitest";
import type { Receipt } from "../../src/core/fact.ts";
import { figureLines } from "../../src/core/figure-words.ts";

const at = new Date("2026-11-21T09:00:00Z");
const receipt = (id: string, source: string): Receipt => ({ id, source, query: "cost", fetchedAt: at, status: "live" });

test("each figure is said once, with how it comes about and from where", () => {
  const receipts = [receipt("r1", "AWS bill"), receipt("r2", "GitHub"), receipt("r3", "AWS bill")];
  const figures = [
    { text: "$3,134", how: "as it stands", receipts: ["r1", "r3"] },
    { text: "52%", how: "sum of 31% and 21.4%", receipts: ["r1", "r2"] },
    { text: "52%", how: "sum of 31% and 21.4%", receipts: ["r1", "r2"] },
    { text: "$110,000", how: "as it stands", receipts: [] },
    { text: "3", how: "count", receipts: [] },
  ];

  expect(figureLines({ figures, receipts })).toEqual([
    "$3,134: as it stands, from AWS bill",
    "52%: sum of 31% and 21.4%, from AWS bill and GitHub",
    "$110,000: as it stands, said in this conversation",
    "3: count",
  ]);
});

test("an answer without figures of a model has no lines", () => expect(figureLines({ receipts: [] })).toEqual([]));
