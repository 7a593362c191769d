import { HttpError, type Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { toWireAnswer } from "../wire-reply.ts";

const NEWEST = 50;

/** A person's own conversations; another's do not exist here. */
export function conversationRoutes(api: ApiContext): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v1/conversations",
      access: "viewer",
      projectKeys: true,
      docs: {
        summary: "Your newest conversations",
        tag: "conversations",
        response: { type: "array", items: { $ref: "#/components/schemas/ConversationSummary" } },
      },
      async handle(request) {
        const all = await api.conversations.list(request.user?.id ?? "", NEWEST);
        return { status: 200, data: all.map(({ id, title, updatedAt }) => ({ id, title, updatedAt })) };
      },
    },
    {
      method: "DELETE",
      path: "/api/v1/conversations",
      access: "viewer",
      projectKeys: true,
      keyed: true,
      docs: {
        summary: "Forget all you asked and were told",
        tag: "conversations",
        response: { type: "object", required: ["forgotten"], properties: { forgotten: { const: true } } },
      },
      async handle(request) {
        await api.conversations.forget(request.user?.id ?? "");
        return { status: 200, data: { forgotten: true } };
      },
    },
    {
      method: "GET",
      path: "/api/v1/conversations/{id}",
      access: "viewer",
      projectKeys: true,
      docs: { summary: "One conversation with its answers", tag: "conversations", response: { $ref: "#/components/schemas/Conversation" } },
      async handle(request) {
        const found = await api.conversations.read(request.params.id ?? "", request.user?.id ?? "");
        if (!found) throw new HttpError(404, "There is no conversation of yours with this id.");
        const turns = found.turns.map((turn) => ({
          id: turn.id,
          question: turn.question,
          at: turn.askedAt,
          state: turn.state,
          answer: turn.reply ? toWireAnswer(turn.reply, api.secret, api.now()) : null,
        }));
        return { status: 200, data: { id: found.id, title: found.title, turns } };
      },
    },
  ];
}
