import { anthropic } from "../../../src/integrations/anthropic/index.ts";
import { type Connect, startVendor } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";

export const connectAnthropic: Connect = (baseUrl, context) =>
  anthropic.connect({ ANTHROPIC_ADMIN_KEY: "key-for-a-test", ANTHROPIC_ADMIN_URL: baseUrl }, context);

/** A scripted Anthropic and our connection to it, both closed at the end of the test. */
export const startAnthropic = (routes: Routes) => startVendor(connectAnthropic, routes);
