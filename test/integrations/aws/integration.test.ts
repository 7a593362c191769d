import type { Integration } from "../../../src/core/integration.ts";
import { startHost } from "../../../src/demo/host.ts";
import { createAws } from "../../../src/demo/vendors/aws.ts";
import { aws } from "../../../src/integrations/aws/index.ts";
import { testIntegration } from "../../kit/integration-conformance.ts";
import { NOW } from "./world.ts";

/** An account without years of months: there every step of time reaches as far back. */
testIntegration({
  name: "AWS",
  integration: aws as unknown as Integration,
  async start() {
    const host = await startHost({ simulators: [createAws({ keepsYears: false })], now: () => NOW });
    return {
      settings: host.settings,
      broken: { ...host.settings, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      stop: () => host.close(),
    };
  },
});
