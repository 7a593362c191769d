import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/core/tool.ts";
import { aws as integration } from "../../../src/integrations/aws/index.ts";
import { testTool } from "../../kit/tool-conformance.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";
import { NOW, type Running, startAws, world } from "./world.ts";

interface Row {
  kind: string;
  id: string;
  name: string;
  account: string;
  region: string;
  finding: string | null;
  monthly_saving: number | null;
  monthly_cost: number | null;
  saving_basis: string | null;
}
const rowsOf = ({ data }: Finding) => (data as { resources: Row[] }).resources;

const KINDS: Readonly<Record<string, string>> = {
  instance: "instances",
  volume: "volumes",
  address: "addresses",
  database: "databases",
  bucket: "buckets",
  zone: "zones",
  lightsail: "lightsail",
};

describe("what stands in the accounts", () => {
  let aws: Running;
  beforeAll(async () => {
    aws = await startAws();
  });
  afterAll(() => aws.stop());

  test.each(Object.entries(KINDS))("has every %s of every account and region", async (kind, asked) => {
    const finding = await aws.run("cloud_inventory", { kind: asked, top: 500 });

    const truth = world.resources().filter((r) => r.kind === kind);
    const place = (r: { account: string; region: string }) => `${r.account} ${r.region}`;
    expect(rowsOf(finding).map(place).sort()).toEqual(truth.map(place).sort());
    const names = rowsOf(finding).map(({ name, id }) => (kind === "address" ? id : name));
    expect(names.sort()).toEqual(truth.map((r) => (kind === "address" ? r.id : r.name)).sort());
    expectHonest(finding);
    expect(finding.receipts[0]).toMatchObject({ status: "demo", source: "AWS" });
  });

  test("finds what the company wastes, and nothing else", async () => {
    const finding = await aws.run("cloud_inventory", { finding: "waste", top: 500 });

    const kinds: Readonly<Record<string, string>> = { "old engine": "outdated" };
    const truth = world
      .resources()
      .flatMap((r) => (r.finding ? [`${kinds[r.finding.kind] ?? r.finding.kind} ${r.kind === "address" ? r.id : r.name}`] : []));
    const found = rowsOf(finding).map((row) => `${row.finding} ${row.kind === "addresses" ? row.id : row.name}`);
    expect(found.sort()).toEqual(truth.sort());
  });

  test("puts money on it that comes close to list prices, and says what it was worked out from", async () => {
    const rows = rowsOf(await aws.run("cloud_inventory", { finding: "waste", top: 500 }));

    for (const resource of world.resources()) {
      const { finding, kind } = resource;
      if (!finding || (finding.kind !== "idle" && finding.kind !== "oversized") || finding.monthlySaving < 5) continue;
      const row = rows.find((r) => r.name === resource.name && KINDS[kind] === r.kind);
      expect(row?.saving_basis, resource.name).toMatch(/in your bill|list price|price of the bundle/);
      // A database is counted without its storage; two sizes down are two steps.
      const [low, high] = kind === "database" ? [0.6, 1.1] : [0.97, 1.03];
      expect((row?.monthly_saving ?? 0) / finding.monthlySaving, resource.name).toBeGreaterThan(low);
      expect((row?.monthly_saving ?? 0) / finding.monthlySaving, resource.name).toBeLessThan(high);
    }
    const volumes = rows.filter(({ kind }) => kind === "volumes").reduce((sum, { monthly_saving }) => sum + (monthly_saving ?? 0), 0);
    const truth = world.resources().reduce((sum, r) => sum + (r.kind === "volume" && r.finding ? r.finding.monthlySaving : 0), 0);
    expect(volumes / truth).toBeGreaterThan(0.95);
    expect(volumes / truth).toBeLessThan(1.3);
  });

  test("looks at a service by its short or its full name, in one account and region", async () => {
    for (const service of ["RDS", "Amazon Relational Database Service"]) {
      const rows = rowsOf(await aws.run("cloud_inventory", { service, account: "staging" }));

      expect(rows.map(({ name }) => name)).toEqual(["staging-all"]);
    }
    await expect(aws.run("cloud_inventory", { service: "Lambda" })).rejects.toThrow(/It has EC2, RDS, S3/);
    await expect(aws.run("cloud_inventory", { account: "prodction" })).rejects.toThrow(/Did you mean “production”/);
  });

  test("is remembered for five minutes", async () => {
    await aws.run("cloud_inventory", { kind: "volumes" });
    aws.sent();
    await aws.run("cloud_inventory", { finding: "unattached" });
    const again = aws.sent();

    expect(again.filter((operation) => /Volumes|Instances|Addresses/.test(operation))).toEqual([]);
  });

  test("says which account could not be looked into, and answers for the others", async () => {
    const roles = aws.host.settings.AWS_ROLE_ARNS?.split(",") ?? [];
    const partly = await startAws();
    const connection = await partly.connect({ AWS_ROLE_ARNS: `${roles[0]},arn:aws:iam::999988887777:role/nobody` });
    const tool = connection.tools.find(({ name }) => name === "cloud_inventory");
    const finding = await tool?.run(tool.input.parse({ kind: "buckets" }), { ...partly.context(), tools: [], feeds: [] });

    expect(finding?.content).toMatch(/harbourline-video-archive/);
    expect(finding?.content).toMatch(/Without S3 of 999988887777: AWS does not allow sts:AssumeRole/);
    const checks = await connection.check(AbortSignal.timeout(30_000));
    expect(checks.find(({ name }) => name.includes("999988887777"))).toMatchObject({
      state: "warning",
      fix: expect.stringMatching(/sts:AssumeRole/),
    });
    await partly.stop();
  });
});

describe("what AWS itself advises", () => {
  test("has the world's commitments, anomalies and machines, and AWS's forecast", async () => {
    const aws = await startAws();
    const finding = await aws.run("cloud_savings");

    const data = finding.data as {
      savings_plans: { coverage: number; utilisation: number };
      anomalies: { service: string; account: string; impact: number }[];
      rightsizing: { name: string; monthly_saving: number }[];
    };
    const days = Array.from({ length: 30 }, (_, i) =>
      world.savings(new Date(Date.parse("2026-10-22") + i * 86_400_000).toISOString().slice(0, 10)),
    );
    const sum = (of: (day: NonNullable<(typeof days)[number]>) => number) => days.reduce((total, day) => total + (day ? of(day) : 0), 0);
    expect(data.savings_plans.coverage).toBeCloseTo(sum((d) => d.covered) / sum((d) => d.eligible), 6);
    expect(data.savings_plans.utilisation).toBeCloseTo(1, 3);
    const recent = world.costAnomalies().filter(({ to }) => to >= "2026-08-23");
    expect(data.anomalies.map(({ impact }) => Math.round(impact)).sort()).toEqual(recent.map(({ impact }) => Math.round(impact)).sort());
    const wasted = world
      .resources()
      .filter((r) => r.kind === "instance" && (r.finding?.kind === "idle" || r.finding?.kind === "oversized"));
    expect(data.rightsizing.map(({ name }) => name).sort()).toEqual(wasted.map(({ name }) => name).sort());
    expect(finding.content).toMatch(/Savings Plans cover \d\d(\.\d)?% of what they could/);
    expect(finding.content).toMatch(/For the rest of the month, 21–30 November 2026, AWS expects \$\d/);
    expectHonest(finding);
    await aws.stop();
  });
});

const [inventory, savings] = (
  await integration.connect(integration.settings.parse({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }), { now: () => NOW })
).tools;

async function start() {
  const aws = await startAws();
  return { aws, context: aws.context(), stop: aws.stop };
}

/** The definition of one connection with the answers of another: the suite wants the tool before the source runs. */
if (inventory)
  testTool(
    { ...inventory, run: (input, context) => tooled(context.tools, inventory.name).run(input, context) },
    {
      start,
      reads: false,
      good: [
        { name: "everything", input: {} },
        { name: "what is idle", input: { finding: "idle" } },
        { name: "databases of one account", input: { kind: "databases", account: "production", top: 3 } },
        { name: "a kind there is none of in a region", input: { kind: "lightsail", region: "eu-west-1" } },
      ],
      bad: [
        { name: "a kind there is not", input: { kind: "lambdas" }, says: /instances/ },
        { name: "a service it does not look at", input: { service: "SageMaker" }, says: /EC2, RDS, S3/ },
        { name: "a region nothing stands in", input: { region: "us-east-3" }, says: /us-east-1/ },
      ],
    },
  );
if (savings)
  testTool(
    { ...savings, run: (input, context) => tooled(context.tools, savings.name).run(input, context) },
    {
      start,
      reads: false,
      good: [
        { name: "the last thirty days", input: {} },
        { name: "a month", input: { period: "last month", top: 2 } },
      ],
      bad: [
        { name: "days that are not over", input: { period: "tomorrow" }, says: /only up to/ },
        { name: "no period", input: { period: { from: "2026-11-10", to: "2026-11-01" } }, says: /not a range/ },
      ],
    },
  );

function tooled(tools: readonly { name: string }[], name: string) {
  const found = tools.find((tool) => tool.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found as unknown as NonNullable<typeof inventory>;
}
