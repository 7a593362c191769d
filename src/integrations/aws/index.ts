import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** Costs from Cost Explorer; what stands in the accounts (EC2, RDS, S3, Route 53, Lightsail) and what of it is waste; commitments. */
export const aws = defineIntegration({
  name: "aws",
  title: "AWS",
  topics: [
    "AWS costs",
    "cloud costs",
    "cloud spend",
    "EC2",
    "S3",
    "RDS",
    "Route 53",
    "Lightsail",
    "cloud inventory",
    "idle resources",
    "savings plans",
    "reservations",
    "rightsizing",
  ],
  kinds: ["costs"],
  settings: z.object({
    AWS_ACCESS_KEY_ID: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe(
        "Access key of a user that only reads. For costs it needs ce:GetCostAndUsage and ce:GetTags, best in the management account; `doctor` names every further action.",
      ),
    AWS_SECRET_ACCESS_KEY: z.string().min(1).meta({ secret: true }).describe("The secret of that access key."),
    AWS_SESSION_TOKEN: z
      .string()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe("Only for temporary credentials, which end after hours."),
    AWS_REGION: z
      .string()
      .regex(REGION, "must be a region like eu-west-1")
      .default("us-east-1")
      .describe("The region asked for what is not bound to one."),
    AWS_REGIONS: listOf(REGION, "must be regions like us-east-1,eu-west-1").describe(
      "Regions the inventory looks at, separated by commas; those with costs unless given.",
    ),
    AWS_ROLE_ARNS: listOf(ROLE, "must be roles like arn:aws:iam::123456789012:role/firstmate, separated by commas").describe(
      "Roles to take in further accounts for the inventory, separated by commas; costs of all accounts come from the management account.",
    ),
    AWS_COST_CACHE_MINUTES: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_440)
      .default(60)
      .describe(
        "How long costs of the running month are remembered: AWS takes $0.01 per request and brings new figures three times a day.",
      ),
    AWS_ENDPOINT_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Only for a gateway or a stand-in that speaks for all of AWS."),
  }),
  requires: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],

  async connect(settings, context) {
    const { connectAws } = await import("./connection.ts");
    return connectAws(settings, context);
  },
});

/** A comma-separated list; empty when it is not set. */
function listOf(pattern: RegExp, problem: string) {
  return z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine((parts) => parts.every((part) => pattern.test(part)), problem);
}
