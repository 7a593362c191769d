import type { ConnectContext, Connection } from "../../../src/core/integration.ts";
import type { Finding, ToolContext } from "../../../src/core/tool.ts";
import { aws } from "../../../src/integrations/aws/index.ts";
import { testVendor, type VendorUnderTest } from "../../kit/vendor-conformance.ts";
import { NOW } from "../../kit/vendor-connection.ts";
import { empty, endless, endlessVolumes, recorded } from "./recorded.ts";

const shared: Pick<VendorUnderTest, "connect" | "credentials" | "empty"> = {
  connect: ({ baseUrl, secret, context }) => connect(baseUrl, secret, context),
  empty,
  credentials: "AWS_SECRET_ACCESS_KEY",
};

/** The secret is only ever signed with; the token is what travels. */
function connect(baseUrl: string, secret: string, context: ConnectContext): Promise<Connection> {
  const settings = {
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: secret,
    AWS_COST_CACHE_MINUTES: "15",
    AWS_ENDPOINT_URL: baseUrl,
  };
  return aws.connect(aws.settings.parse(settings), context);
}

function run(connection: Connection, name: string, input: Record<string, unknown>, signal: AbortSignal): Promise<Finding> {
  const tool = connection.tools.find((t) => t.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  const context: ToolContext = {
    ...{ user: { id: "u", name: "Ada", timeZone: "UTC", roles: ["viewer"] }, audience: "direct", now: NOW, signal },
    ...{ tools: connection.tools, feeds: connection.feeds },
  };
  return tool.run(tool.input.parse(input), context);
}

testVendor({
  ...shared,
  name: "AWS, costs",
  real: recorded,
  endless: endless("GetCostAndUsage", "NextPageToken"),
  async ask(connection, signal) {
    const [feed] = connection.feeds;
    if (!feed) throw new Error("no feed");
    // All there is, whatever day it is.
    return feed.query({ by: ["service"], grain: "month" }, signal);
  },
});

testVendor({
  ...shared,
  name: "AWS, inventory of EC2",
  real: recorded,
  endless: endlessVolumes(),
  ask: (connection, signal) => run(connection, "cloud_inventory", { kind: "volumes" }, signal),
});
