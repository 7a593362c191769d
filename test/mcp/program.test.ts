import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstmate, remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { connectTo } from "./world.ts";

/** The real program with the simulated company, and the official client. */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (result: { content: readonly { type: string }[] }) => (result.content[0] as { text?: string } | undefined)?.text ?? "";

/** The keys that clients of such platforms look for. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  churn_signals: ["cohorts", "retention_metrics", "ltv_analysis", "pareto_analysis", "pareto_top_cohorts"],
  complaints_topics: ["themes", "sentiment_trends", "churn_correlation", "pareto_analysis", "pareto_insights"],
  production_issues: ["issues", "cost_summary", "pareto_analysis", "pareto_insights", "top_delay_contributors"],
  content_catalog: ["shows", "performance_summary", "genre_analysis", "monetization_summary", "pareto_analysis"],
  international_markets: ["regional_performance", "content_gaps", "churn_patterns", "filtered_region"],
  revenue_impact: [
    "churn_revenue_impact",
    "production_revenue_impact",
    "complaint_revenue_impact",
    "content_revenue_impact",
    "total_aggregated_impact",
    "revenue_projections",
  ],
  retention_campaigns: ["campaigns", "summary", "best_practices"],
  operational_efficiency: ["efficiency_score", "production_metrics", "resource_metrics", "quality_metrics", "recommendations"],
  pareto_analysis: ["churn_pareto", "production_pareto", "complaints_pareto", "content_pareto", "cross_dimensional_analysis"],
  streaming_quality: ["kpis", "by_region_and_device"],
};
/** Null for the reason another key gives, or because it was not asked for. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  content_catalog: ["performance_summary", "genre_analysis", "monetization_summary", "pareto_analysis"],
  international_markets: ["filtered_region"],
};

async function expectPareto(client: Client): Promise<void> {
  const result = await client.callTool({ name: "pareto", arguments: { feed: "costs", by: "service" } });
  const { items, n } = result.structuredContent as { items: { share: number; cumulativeShare: number }[]; n: number };

  expect(result.isError).toBeUndefined();
  expect(items.length).toBe(n);
  expect(items.at(-1)?.cumulativeShare).toBeCloseTo(1, 6);
  expect(textOf(result)).toMatch(/services? make up 80%[\s\S]*Sources:\n- .*\(demo/);
  expect(result.content.map(({ type }) => type)).toContain("image");
}

describe("a server over HTTP", () => {
  let served: Served;
  let key: string;
  beforeAll(async () => {
    served = await serve();
    key = await served.key("viewer");
  });
  afterAll(async () => {
    expect((await served.stop()).code).toBe(0);
  });

  test.each(["2025", "2026"] as const)("answers a client of %s", async (era) => {
    const client = await connectTo(`${served.url}/mcp`, key, era);

    const { tools } = await client.listTools();
    await expectPareto(client);
    await client.close();

    expect(tools.length).toBeGreaterThan(15);
    expect(tools.filter((t) => t.annotations?.readOnlyHint !== true)).toEqual([]);
    expect(tools.filter((t) => t.inputSchema.type !== "object")).toEqual([]);
    expect(served.log().some((line) => line.msg === "mcp call" && line.name === "pareto" && line.outcome === "ok")).toBe(true);
  });

  test("works out the resources of an operations platform, each with its keys, or the reason why one is null", async () => {
    const client = await connectTo(`${served.url}/mcp`, key, "2026");
    const { resources } = await client.listResources();

    const read = async (uri: string) =>
      JSON.parse(((await client.readResource({ uri })).contents[0] as { text: string }).text) as Record<string, unknown> & {
        missing: Record<string, string>;
        sources: string[];
      };
    const answers: [string, Awaited<ReturnType<typeof read>>][] = [];
    for (const { name, uri } of resources) if (KEYS[name]) answers.push([name, await read(uri)]);
    await client.close();

    expect(answers.map(([name]) => name).sort()).toEqual(Object.keys(KEYS).sort());
    for (const [name, answer] of answers) {
      expect(Object.keys(answer), name).toEqual(
        expect.arrayContaining([...(KEYS[name] ?? []), "query_params", "missing", "sources", "as_of"]),
      );
      const unexplained = Object.entries(answer).filter(([k, value]) => value === null && !answer.missing[k] && !WITHIN[name]?.includes(k));
      expect(unexplained, name).toEqual([]);
      expect(
        answer.sources.filter((source) => !source.includes("demo")),
        name,
      ).toEqual([]);
    }
  }, 120_000);

  test("gives structured answers that keep the schema it promised, for every tool that needs no input", async () => {
    const client = await connectTo(`${served.url}/mcp`, key, "2026");
    const { tools } = await client.listTools();

    const free = tools.filter(({ inputSchema, outputSchema }) => outputSchema && !inputSchema.required?.length);
    // The client checks each structured answer against the schema it was promised.
    const answers = await Promise.allSettled(free.map(({ name }) => client.callTool({ name, arguments: {} })));
    const broken = answers.flatMap((answer, i) => (answer.status === "rejected" ? [`${free[i]?.name}: ${String(answer.reason)}`] : []));
    await client.close();

    expect(free.length).toBeGreaterThan(15);
    expect(broken).toEqual([]);
  }, 120_000);
});

describe("firstmate mcp", () => {
  test.each(["legacy", "auto"] as const)("answers the official client over a pipe (%s)", async (mode) => {
    const folder = await temporaryFolder();
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    const { PATH = "", HOME = "" } = process.env;
    const transport = new StdioClientTransport({
      command: join(ROOT, "node_modules/.bin/node"),
      args: [join(ROOT, "bin/firstmate.mjs"), "mcp", "--demo"],
      cwd: folder,
      env: { PATH, HOME, DATA_DIR: folder },
      stderr: "pipe",
    });
    await client.connect(transport as Parameters<Client["connect"]>[0]);

    await expectPareto(client);

    await client.close();
    await remove(folder);
  });

  test("answers what was asked before its input ended, says nothing else on its output, and ends well", async () => {
    const lines = [
      {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
      },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "get_costs", arguments: {} } },
    ];

    const { code, out } = await firstmate(["mcp", "--demo"], { input: lines.map((l) => `${JSON.stringify(l)}\n`).join("") });

    const answers = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: number; result?: unknown });
    expect(code).toBe(0);
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    expect(answers.every(({ result }) => result !== undefined)).toBe(true);
  });
});
