import { z } from "zod";
import { currency, line, lines, prose } from "./fields.ts";
import { defineResource } from "./resource.ts";

export const projectFields = z.strictObject({
  name: line(120).describe("Unique among the projects that are not archived."),
  description: prose(4_000).optional(),
  repositories: lines(200)
    .refine((all) => all.every((name) => /^[\w.-]+\/[\w.-]+$/.test(name)), "must be written owner/name")
    .optional()
    .describe("Code repositories, as owner/name."),
  jiraProject: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,29}$/, "must be the key of a Jira project such as ATL")
    .optional()
    .describe("Key of the Jira project."),
  cloudAccount: line(200).optional().describe("Cloud account whose costs are the project's: its name or number, as in the bill."),
  railwayProject: line(200).optional().describe("Name of the project on Railway."),
  services: lines(200).optional().describe("Names of its services, as monitoring and deployments call them."),
  techStack: lines(100).optional(),
  budget: z
    .strictObject({
      amount: z.number("must be a number").positive("must be above zero").max(1e15, "is too large"),
      currency,
      period: z.enum(["month", "quarter", "year"]),
    })
    .optional()
    .describe("What it may cost in each calendar month, quarter or year."),
  owner: line(200).optional().describe("Who answers for it: a name, an e-mail address or an id."),
  members: lines(1_000)
    .optional()
    .describe("Ids or e-mail addresses of the people who see it; without any, everyone does. Admins always do."),
});

export type Project = z.output<typeof projectFields>;

/** What the house works on, and where its figures are found. Also called assignment. */
export const projects = defineResource({
  name: "projects",
  singular: "project",
  fields: projectFields,
  unique: ({ name }) => ({ field: "name", value: name }),
});
