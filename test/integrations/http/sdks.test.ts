import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CostExplorerClient, GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { graphql } from "@octokit/graphql";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { VendorError } from "../../../src/errors.ts";
import { atlassianClient, awsRequestHandler } from "../../../src/integrations/http.ts";
import { failures } from "../../kit/vendor-server.ts";
import { failureOf, patience, startWorld } from "./world.ts";

describe("the GitHub SDK", () => {
  async function github() {
    const world = await startWorld({ "POST /graphql": { json: { data: { viewer: { login: "ann" } } } } }, { safePost: true });
    const ask = graphql.defaults({
      baseUrl: world.server.url,
      headers: { authorization: "token acme-secret-token-4" },
      request: { fetch: world.http.fetch },
    });
    return { ...world, ask: () => ask("{ viewer { login } }").catch((error: unknown) => Promise.reject(world.http.explain(error))) };
  }

  it("asks through our fetch, and its queries are repeated", async () => {
    const { ask, server, calls } = await github();
    server.misbehave(failures.badGateway, 1);

    expect(await ask()).toEqual({ viewer: { login: "ann" } });
    expect(calls.map((c) => [c.operation, c.status])).toEqual([
      ["POST /graphql", 502],
      ["POST /graphql", 200],
    ]);
  });

  it.each([
    ["a refusal", failures.unauthorized("Bad acme-secret-token-4"), { status: 401, message: /ACME_TOKEN/ }],
    ["a limit", failures.tooMany("90"), { status: 429, message: /90 s/ }],
    ["a dead connection", failures.reset, { message: /could not be reached/ }],
    ["an endless answer", failures.huge, { message: /20 MB/ }],
    ["errors with status 200", failures.graphqlErrors, { message: /did not answer the query/, detail: /boom/ }],
  ])("throws our words for %s", async (_, how, expected) => {
    const { ask, server } = await github();
    server.misbehave(how);

    const error = await failureOf(ask());

    expect(error).toBeInstanceOf(VendorError);
    for (const [field, value] of Object.entries(expected))
      expect(String((error as unknown as Record<string, unknown>)[field])).toMatch(value instanceof RegExp ? value : String(value));
    expect(JSON.stringify([error, error.message])).not.toContain("acme-secret");
  });
});

describe("the AWS SDK", () => {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "acme-secret-token-5" };
  const costs = new GetCostAndUsageCommand({
    TimePeriod: { Start: "2026-10-01", End: "2026-11-01" },
    Granularity: "DAILY",
    Metrics: ["UnblendedCost"],
  });

  async function aws() {
    const world = await startWorld();
    const shared = {
      endpoint: world.server.url,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
      requestHandler: awsRequestHandler(world.http),
    };
    const explain = (error: unknown) => Promise.reject(world.http.explain(error));
    const explorer = new CostExplorerClient(shared);
    return { ...world, shared, explain, ask: () => explorer.send(costs, { abortSignal: patience() }).catch(explain) };
  }

  it("asks through our fetch under the name of its operation, and its reads are repeated", async () => {
    const { ask, server, calls } = await aws();
    server.serve({
      "POST /": { headers: { "content-type": "application/x-amz-json-1.1" }, body: '{"ResultsByTime":[{"Estimated":true}]}' },
    });
    server.misbehave(failures.unavailable, 1);

    expect((await ask()).ResultsByTime).toEqual([{ Estimated: true }]);
    expect(calls.map((c) => [c.operation, c.attempt, c.outcome])).toEqual([
      ["GetCostAndUsage", 1, "failed"],
      ["GetCostAndUsage", 2, "ok"],
    ]);
    expect(server.requests[1]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
    expect(server.requests[1]?.body).toMatchObject({ Granularity: "DAILY" });
  });

  it("asks its older services too, which speak forms and XML", async () => {
    const { shared, server, calls } = await aws();
    const reservations =
      "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></item></reservationSet>";
    server.serve({
      "POST /": { headers: { "content-type": "text/xml" }, body: `<DescribeInstancesResponse>${reservations}</DescribeInstancesResponse>` },
      "GET /": {
        headers: { "content-type": "application/xml" },
        body: "<ListAllMyBucketsResult><Buckets><Bucket><Name>logs</Name></Bucket></Buckets></ListAllMyBucketsResult>",
      },
    });

    const found = await new EC2Client(shared).send(new DescribeInstancesCommand({ InstanceIds: ["i-1"] }));
    const buckets = await new S3Client({ ...shared, forcePathStyle: true }).send(
      new ListBucketsCommand({ MaxBuckets: 5, Prefix: "a b/(c)" }),
    );

    expect(found.Reservations?.[0]?.Instances?.[0]?.InstanceId).toBe("i-1");
    expect(buckets.Buckets?.map((b) => b.Name)).toEqual(["logs"]);
    expect(server.requests[1]?.query.get("prefix")).toBe("a b/(c)");
    expect(calls.map((c) => c.operation)).toEqual(["DescribeInstances", "GET /"]);
  });

  const named = (name: string, status = 400) => ({
    status,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify({ __type: name, message: "because" }),
  });
  it.each([
    ["an unknown key", named("UnrecognizedClientException"), { status: "401", message: /ACME_TOKEN/ }],
    ["a missing right", named("AccessDeniedException"), { status: "403", message: /may do/, detail: /because/ }],
    ["a limit", named("ThrottlingException"), { status: "429", message: /how often/ }],
    ["a failure", named("InternalFailure", 500), { status: "500", message: /failed/ }],
    ["a dead connection", failures.reset, { message: /could not be reached/ }],
    ["garbage", failures.garbage, { message: /cannot be read/ }],
    ["an endless answer", failures.huge, { message: /20 MB/ }],
  ])("throws our words for %s", async (_, how, expected) => {
    const { ask, server } = await aws();
    server.misbehave(how);

    const error = await failureOf(ask());

    expect(error).toBeInstanceOf(VendorError);
    for (const [field, value] of Object.entries(expected))
      expect(String((error as unknown as Record<string, unknown>)[field])).toMatch(value);
  });

  it("stops when the turn is over", async () => {
    const { shared, server } = await aws();
    server.misbehave(failures.silent);
    const turn = new AbortController();
    const asked = failureOf(new CostExplorerClient(shared).send(costs, { abortSignal: turn.signal }));
    await expect.poll(() => server.requests.length).toBe(1);

    turn.abort(new Error("the turn is over"));

    expect((await asked).name).toBe("AbortError");
  });
});

describe("the Atlassian SDKs", () => {
  it("ask through our client, with the turn's signal", async () => {
    const { http, server, calls } = await startWorld({
      "POST /rest/api/3/search/jql": { json: { issues: [], odd: 1 } },
      "GET /wiki/api/v2/pages": { json: { results: [] } },
    });
    const { searchAndReconsileIssuesUsingJqlPost } = await import("jira.js/cloud");
    const { getPages } = await import("confluence.js/v2");

    const client = atlassianClient(http, patience());
    const found = await searchAndReconsileIssuesUsingJqlPost(client, { jql: "project = A", maxResults: 5 });
    const pages = await getPages(client, { limit: 5, spaceId: [1, 2] });

    expect(http.parse(found, z.object({ issues: z.array(z.unknown()) }))).toEqual({ issues: [] });
    expect(pages).toEqual({ results: [] });
    expect(server.requests[0]?.body).toMatchObject({ jql: "project = A", maxResults: 5 });
    expect(server.requests[0]?.headers.authorization).toBe("Bearer acme-secret-token-1");
    expect(calls.map((c) => c.operation)).toEqual(["POST /rest/api/3/search/jql", "GET /wiki/api/v2/pages"]);
    await expect(searchAndReconsileIssuesUsingJqlPost(atlassianClient(http, AbortSignal.abort()), { jql: "x" })).rejects.toThrow("aborted");
  });
});

describe("loading", () => {
  it("brings in no HTTP library before the first request", async () => {
    const script = `
      import { createRequire } from "node:module";
      const { createVendorHttp } = await import("./src/integrations/http.ts");
      const http = createVendorHttp({ vendor: "Acme", baseUrl: "http://127.0.0.1:9", context: { now: () => new Date(0) } });
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("/undici/"));
      const before = loaded();
      await http.fetch("http://127.0.0.1:9/", { method: "POST" }).catch(() => {});
      console.log(JSON.stringify([before, loaded()]));
      await http.close();`;

    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);

    expect(JSON.parse(stdout)).toEqual([false, true]);
  });
});
