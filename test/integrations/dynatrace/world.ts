import { dynatrace } from "../../../src/integrations/dynatrace/index.ts";
import { startVendor } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";

/** A scripted Dynatrace and our connection to it, both closed at the end of the test. */
export const startDynatrace = (routes: Routes) =>
  startVendor(async (baseUrl, context) => {
    const given = { DYNATRACE_URL: baseUrl, DYNATRACE_TOKEN: "token-for-a-test" };
    return dynatrace.connect(dynatrace.settings.parse(given), context);
  }, routes);
