import { z } from "zod";
import { line, lines, money, projectId, prose } from "./fields.ts";
import { defineResource } from "./resource.ts";

/** Customers the house works for. */
export const accounts = defineResource({
  name: "accounts",
  singular: "account",
  fields: z.strictObject({
    name: line(200).describe("Unique among the accounts that are not archived."),
    description: prose(4_000).optional(),
    status: z.enum(["prospect", "active", "at_risk", "churned"]).optional(),
    segment: line(100).optional(),
    region: line(100).optional(),
    owner: line(200).optional(),
    contacts: lines(100).optional(),
    revenue: money.optional().describe("Revenue of a year."),
    projectId: projectId.optional(),
  }),
  unique: ({ name }) => ({ field: "name", value: name }),
});
