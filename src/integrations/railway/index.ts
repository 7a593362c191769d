import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** Projects, services, deployments, and what they use of processors, memory, network and disk. */
export const railway = defineIntegration({
  name: "railway",
  title: "Railway",
  topics: ["Railway", "Railway services", "Railway deployments", "Railway usage"],
  kinds: ["deploys", "metrics"],
  settings: z.object({
    RAILWAY_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe(
        "A workspace or account token made at railway.com/account/tokens. A project token sees one environment only and does not do.",
      ),
    RAILWAY_API_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://backboard.railway.com/graphql/v2")
      .describe("Only for a gateway or a stand-in before Railway's API."),
  }),
  requires: ["RAILWAY_TOKEN"],

  async connect(settings, context) {
    const { connectRailway } = await import("./connection.ts");
    return connectRailway(settings, context);
  },
});
