import { railway } from "../../../src/integrations/railway/index.ts";
import { type Connect, startVendor } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";

export const connectRailway: Connect = (baseUrl, context) =>
  railway.connect({ RAILWAY_TOKEN: "token-for-a-test", RAILWAY_API_URL: baseUrl }, context);

/** A scripted Railway and our connection to it, both closed at the end of the test. */
export const startRailway = (routes: Routes) => startVendor(connectRailway, routes);
