import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "./kit/app.ts";

/** The questions the README tells a newcomer to ask, asked of the simulated company through the API. */

const [, section = ""] =
  /## Twenty questions to begin with\n([\s\S]*?)\n## /.exec(readFileSync(new URL("../README.md", import.meta.url), "utf8")) ?? [];
const questions = [...section.matchAll(/^- (.+)$/gm)].flatMap(([, question]) => question ?? []);

let app: Served;
const charted: string[] = [];
beforeAll(async () => {
  app = await serve({ env: { REQUESTS_PER_MINUTE: "1000" } });
}, 120_000);
afterAll(() => app.stop());

describe("the README's questions", () => {
  it("are twenty", () => expect(new Set(questions).size).toBe(20));

  it.each(questions)("“%s” is answered from a source, labelled as demo", { timeout: 90_000 }, async (question) => {
    const { status, json } = await app.post("/api/v1/ask", { question });

    expect(status).toBe(200);
    const { tools, text, receipts, blocks, failed } = json.data as {
      tools: { name: string }[];
      text: string;
      receipts: { status: string }[];
      blocks: { type: string; alt?: string }[];
      failed?: boolean;
    };
    expect(tools, text).toHaveLength(1);
    expect(failed, text).toBeFalsy();
    expect(text.length).toBeGreaterThan(40);
    expect(text).not.toMatch(/Something went wrong|undefined|NaN|\[object/);
    expect(receipts.length).toBeGreaterThan(0);
    for (const receipt of receipts.filter((r) => r.status !== "live")) expect(receipt.status).toBe("demo");
    if (blocks.some(({ type, alt }) => type === "chart" && (alt?.length ?? 0) > 20)) charted.push(question);
  });

  it("mostly come with a chart", () => expect(charted.length, charted.join("\n")).toBeGreaterThanOrEqual(12));
});
