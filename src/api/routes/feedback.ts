import { z } from "zod";
import { HttpError, type Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";

const input = z.strictObject({ verdict: z.enum(["good", "bad"]) });

/** What a person thinks of an answer to them, as the buttons under it in a chat. */
export function feedbackRoute(api: Pick<ApiContext, "conversations" | "keepFeedback">): Route {
  return {
    method: "POST",
    path: "/api/v1/turns/{id}/feedback",
    access: "viewer",
    projectKeys: true,
    docs: {
      summary: "Say whether an answer of yours was good; a second verdict replaces the first",
      tag: "ask",
      body: z.toJSONSchema(input),
      response: z.toJSONSchema(input),
    },
    async handle(request) {
      const { verdict } = validate(input, request.json());
      const turn = request.params.id ?? "";
      const user = userOf(request).id;
      const stored = await api.conversations.reply(turn);
      if (stored?.userId !== user) throw new HttpError(404, "There is no answer of yours with this id.");
      await api.keepFeedback({ turn, user, verdict });
      return { status: 200, data: { verdict } };
    },
  };
}
