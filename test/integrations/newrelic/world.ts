import { newrelic } from "../../../src/integrations/newrelic/index.ts";
import { startVendor } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";

/** A scripted New Relic and our connection to it, both closed at the end of the test. */
export const startNewRelic = (routes: Routes) =>
  startVendor(async (baseUrl, context) => {
    const given = { NEW_RELIC_API_KEY: "key-for-a-test", NEW_RELIC_ACCOUNT_ID: "42", NEW_RELIC_API_URL: `${baseUrl}/graphql` };
    return newrelic.connect(newrelic.settings.parse(given), context);
  }, routes);
