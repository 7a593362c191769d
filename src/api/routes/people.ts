import { z } from "zod";
import type { Route } from "../../core/http.ts";
import type { People } from "../../records/people.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";

const input = z.strictObject({
  names: z
    .array(
      z
        .string()
        .trim()
        .min(3, "must have at least 3 characters")
        .max(200)
        .regex(/^\P{Cc}+$/u, "must not hold control characters"),
    )
    .min(1, "must name at least one")
    .max(20)
    .describe("All the names one person goes by: the id of a chat, as in the audit log (slack:T1:U2), and e-mail addresses."),
});

/** A person who is to be forgotten, for admins; everybody clears their own questions with DELETE /conversations or in chat. */
export function peopleRoutes({ people }: { people: People }): Route[] {
  return [
    {
      ...{ method: "POST", path: "/api/v1/people/forget", access: "admin", keyed: true },
      docs: {
        summary: "Forget a person: questions, answers, sign-ins, and their name and words in activities and agents' events",
        tag: "people",
        body: z.toJSONSchema(input, { io: "input" }),
        response: {
          type: "object",
          required: ["activities", "events"],
          properties: { activities: { type: "integer" }, events: { type: "integer" } },
        },
      },
      async handle(request) {
        const { names } = validate(input, request.json());
        return { status: 200, data: await people.forget(names, userOf(request).id) };
      },
    },
  ];
}
