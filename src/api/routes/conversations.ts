import { z } from "zod";
import { HttpError, type Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { toWireAnswer } from "../wire-reply.ts";

const NEWEST = 50;
const renaming = z.strictObject({ title: z.string().trim().min(1).max(80).describe("Its name in the list.") });

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
        if (!found) throw noSuchConversation();
        const turns = found.turns.map((turn) => ({
          id: turn.id,
          question: turn.question,
          at: turn.askedAt,
          state: turn.state,
          verdict: turn.verdict,
          answer: turn.reply ? toWireAnswer(turn.reply, api.secret, api.now()) : null,
        }));
        return { status: 200, data: { id: found.id, title: found.title, turns } };
      },
    },
    {
      method: "PATCH",
      path: "/api/v1/conversations/{id}",
      access: "viewer",
      projectKeys: true,
      keyed: true,
      docs: {
        summary: "Rename one of your conversations",
        tag: "conversations",
        body: z.toJSONSchema(renaming, { io: "input" }),
        response: z.toJSONSchema(renaming.extend({ id: z.string() })),
      },
      async handle({ params, user, json }) {
        const id = params.id ?? "";
        const { title } = validate(renaming, json());
        if (!(await api.conversations.rename(id, user?.id ?? "", title))) throw noSuchConversation();
        return { status: 200, data: { id, title } };
      },
    },
    {
      method: "DELETE",
      path: "/api/v1/conversations/{id}",
      access: "viewer",
      projectKeys: true,
      keyed: true,
      docs: {
        summary: "Forget what you asked and were told in one conversation",
        tag: "conversations",
        response: { type: "object", required: ["forgotten"], properties: { forgotten: { const: true } } },
      },
      async handle({ params, user }) {
        if (!(await api.conversations.remove(params.id ?? "", user?.id ?? ""))) throw noSuchConversation();
        return { status: 200, data: { forgotten: true } };
      },
    },
  ];
}

function noSuchConversation(): HttpError {
  return new HttpError(404, "There is no conversation of yours with this id.");
}
