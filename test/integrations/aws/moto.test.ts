import { execFile, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import type { Finding } from "../../../src/core/tool.ts";
import { aws } from "../../../src/integrations/aws/index.ts";

/**
 * Beside the house's own stand-in: moto, which others wrote from AWS's documentation, furnished by the AWS command line. It knows neither
 * Lightsail nor prices, and answers costs as they were put in, whatever is asked. Without the two programs this is skipped, and says so.
 */

const run = promisify(execFile);
const isHere = canRun("python3", ["-c", "import moto.server"]) && canRun("aws", ["--version"]);
if (!isHere) console.info("Skipped: AWS against moto, for python3 with moto, or the AWS command line, is not here.");

const KEYS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
const ROLE = "arn:aws:iam::210987654321:role/reader";

describe.skipIf(!isHere)("AWS as moto tells it", () => {
  let stop = () => {};
  let url: string;
  let connection: Connection;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const child = spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    stop = () => child.kill("SIGKILL");
    await until(() =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    await furnish(url);
    const settings = { ...KEYS, AWS_ENDPOINT_URL: url, AWS_REGIONS: "us-east-1,eu-west-1", AWS_ROLE_ARNS: ROLE };
    connection = await aws.connect(aws.settings.parse(settings), { now: () => new Date(), demoOrigins: [] });
  }, 180_000);
  afterAll(async () => {
    await connection?.close();
    stop();
  });

  async function inventory(kind: string) {
    const tool = connection.tools.find(({ name }) => name === "cloud_inventory");
    if (!tool) throw new Error("no inventory");
    const finding: Finding = await tool.run(tool.input.parse({ kind }), {
      user: { id: "u", name: "Ada", timeZone: "UTC", roles: ["viewer"] },
      audience: "direct",
      now: new Date(),
      signal: AbortSignal.timeout(60_000),
      tools: connection.tools,
      feeds: connection.feeds,
    });
    const { resources } = finding.data as { resources: { name: string; region: string; state: string | null; type: string | null }[] };
    return resources.map(({ name, region, type, state }) => [name, region, type, state]);
  }

  it("has what stands there though the bill cannot be read", async () => {
    // Without the quantities that prices are made of.
    await tellCosts(url);

    expect((await inventory("volumes")).map(([name]) => name)).toContain("orphan");
  }, 90_000);

  it("has the machines of both regions, with their names and states", async () => {
    expect(await inventory("instances")).toEqual(
      expect.arrayContaining([
        ["web-1", "us-east-1", "m5.large", "running"],
        ["batch-1", "eu-west-1", "t3.micro", "stopped"],
      ]),
    );
  }, 90_000);

  it("has the volume and the address that belong to nothing", async () => {
    expect(await inventory("volumes")).toContainEqual(["orphan", "us-east-1", "gp3", "available"]);
    expect((await inventory("addresses")).map(([, region]) => region)).toContain("eu-west-1");
  }, 90_000);

  it("has the database, the bucket and the zone", async () => {
    expect(await inventory("databases")).toContainEqual(["orders", "us-east-1", "db.t3.medium", "available"]);
    expect((await inventory("buckets")).map(([name]) => name)).toContain("harbour-backups");
    expect((await inventory("zones")).map(([name]) => name)).toContainEqual(expect.stringMatching(/^harbour\.example\.?$/));
  }, 90_000);

  it("reads costs off the wire as AWS shapes them", async () => {
    await tellCosts(url);
    const [feed] = connection.feeds;
    const period = { from: "2026-11-01", to: "2026-11-01" };

    const { facts } = (await feed?.query({ measure: "cost", by: ["service"], period }, AbortSignal.timeout(60_000))) ?? { facts: [] };

    expect(facts.map(({ value, unit, labels }) => ({ value, unit, service: labels.service }))).toContainEqual({
      value: 12.34,
      unit: "USD",
      service: "Amazon Elastic Compute Cloud - Compute",
    });
  }, 90_000);

  it("says what it may not see instead of calling it nothing", async () => {
    await expect(inventory("lightsail")).rejects.toThrow(/Lightsail|AWS/);
  }, 90_000);
});

/** As a person would have made them. */
async function furnish(url: string): Promise<void> {
  const env = { ...process.env, ...KEYS, AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" };
  const cli = async (...args: string[]) =>
    JSON.parse((await run("aws", ["--endpoint-url", url, "--output", "json", ...args], { env })).stdout || "{}");
  const tagged = (kind: string, name: string) => `ResourceType=${kind},Tags=[{Key=Name,Value=${name}}]`;
  await Promise.all([
    cli(
      "ec2",
      "run-instances",
      "--image-id",
      "ami-12c6146b",
      "--instance-type",
      "m5.large",
      "--tag-specifications",
      tagged("instance", "web-1"),
    ),
    cli(
      ...["ec2", "create-volume", "--availability-zone", "us-east-1a", "--size", "200", "--volume-type", "gp3"],
      ...["--tag-specifications", tagged("volume", "orphan")],
    ),
    cli("ec2", "allocate-address", "--region", "eu-west-1"),
    cli(
      ...["rds", "create-db-instance", "--db-instance-identifier", "orders", "--db-instance-class", "db.t3.medium"],
      ...["--engine", "postgres", "--allocated-storage", "100", "--master-username", "a", "--master-user-password", "not-a-secret"],
    ),
    cli("s3api", "create-bucket", "--bucket", "harbour-backups"),
    cli("route53", "create-hosted-zone", "--name", "harbour.example", "--caller-reference", "1"),
  ]);
  const { Instances } = await cli(
    ...["ec2", "run-instances", "--image-id", "ami-12c6146b", "--instance-type", "t3.micro", "--region", "eu-west-1"],
    ...["--tag-specifications", tagged("instance", "batch-1")],
  );
  await cli("ec2", "stop-instances", "--instance-ids", Instances[0].InstanceId, "--region", "eu-west-1");
}

/** Told once, whatever is asked. */
async function tellCosts(url: string): Promise<void> {
  const day = {
    TimePeriod: { Start: "2026-11-01", End: "2026-11-02" },
    Total: {},
    Groups: [{ Keys: ["Amazon Elastic Compute Cloud - Compute"], Metrics: { UnblendedCost: { Amount: "12.34", Unit: "USD" } } }],
    Estimated: false,
  };
  const answer = { ResultsByTime: [day], DimensionValueAttributes: [], GroupDefinitions: [{ Type: "DIMENSION", Key: "SERVICE" }] };
  await fetch(`${url}/moto-api/static/ce/cost-and-usage-results`, {
    method: "POST",
    body: JSON.stringify({ results: [answer] }),
  });
}

async function until(ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("moto did not start within a minute");
}

function canRun(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: "ignore", timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
