import { z } from "zod";
import { isTimeZone } from "../../core/civil-date.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import type { Message, User } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import { explainError } from "../../errors.ts";
import { sightOf } from "../../identity/sight.ts";
import { projects } from "../../records/projects.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { toWireAnswer } from "../wire-reply.ts";

const askInput = z.strictObject({
  question: z.string().describe("The question in plain words, or a command such as “/costs last month”."),
  conversation: z
    .string()
    .regex(/^[\w:.-]{1,80}$/, "must be 1 to 80 letters, digits, - _ : or .")
    .optional()
    .describe("Goes on with an earlier conversation; a new one without it."),
  project: z
    .string()
    .max(100)
    .optional()
    .describe("Id of a project: its figures alone, for this question. GET /api/v1/scopes lists those you may name."),
  timeZone: z
    .string()
    .refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin")
    .optional()
    .describe("Zone in which “today” is meant."),
});

/**
 * One question. With “Accept: text/event-stream” the answer streams: start (the conversation), then status and text (whole so far),
 * then exactly one final or error.
 */
export function askRoute(api: ApiContext): Route {
  return {
    method: "POST",
    path: "/api/v1/ask",
    access: "viewer",
    projectKeys: true,
    docs: {
      summary: "Ask a question",
      tag: "ask",
      body: z.toJSONSchema(askInput, { io: "input" }),
      response: { $ref: "#/components/schemas/Answer" },
    },
    async handle(request) {
      const headers = await api.rateLimit(request.user?.id ?? "");
      const input = validate(askInput, request.json());
      const message = await toMessage(api, input, request);
      const streams = /\btext\/event-stream\b/.test(request.headers.accept ?? "");
      return streams ? stream(api, message, request.signal, headers) : whole(api, message, request.signal, headers);
    },
  };
}

async function toMessage(api: ApiContext, input: z.output<typeof askInput>, request: HttpRequest): Promise<Message> {
  const user = request.user as User;
  const owner = input.conversation === undefined ? null : await api.conversations.owner(input.conversation);
  if (owner !== null && owner !== user.id) throw new HttpError(404, "There is no conversation of yours with this id.");
  const scope = input.project === undefined ? {} : { scope: await projectOf(api, input.project, user) };
  return {
    id: api.newId(),
    channel: "api",
    conversation: input.conversation ?? api.newId(),
    audience: "direct",
    user: input.timeZone ? { ...user, timeZone: input.timeZone } : user,
    text: input.question,
    at: api.now(),
    ...scope,
  };
}

/** Its id. Throws HttpError 422 when there is none of this id that the asker sees. */
async function projectOf({ records }: ApiContext, id: string, user: User): Promise<string> {
  const found = await records.get(projects, id, sightOf(user));
  if (found && !found.archivedAt) return found.id;
  throw new HttpError(422, "There is no project of this id that you may see. GET /api/v1/scopes lists them.", {
    errors: [{ path: "project", message: "is no project that you may see" }],
  });
}

async function whole(api: ApiContext, message: Message, signal: AbortSignal, headers: Record<string, string>): Promise<HttpResponse> {
  let last: Reply | undefined;
  for await (const reply of api.handle(message, signal)) last = reply;
  if (!last) throw new HttpError(409, "This question was received before.");
  return { status: 200, headers, data: toWireAnswer(last, api.secret, api.now()) };
}

function stream(api: ApiContext, message: Message, signal: AbortSignal, headers: Record<string, string>): HttpResponse {
  async function* events(): AsyncIterable<string> {
    // First of all, so that a caller who stops early knows where to go on.
    yield event("start", { conversation: message.conversation });
    try {
      for await (const reply of api.handle(message, signal)) yield toEvents(reply, api);
    } catch (error) {
      yield event("error", { title: "Error", detail: explainError(error), status: 500 });
    }
  }
  return {
    status: 200,
    headers: { ...headers, "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
    stream: events(),
  };
}

function toEvents(reply: Reply, api: ApiContext): string {
  if (reply.final) return event("final", toWireAnswer(reply, api.secret, api.now()));
  return `${reply.status ? event("status", { status: reply.status }) : ""}${reply.text ? event("text", { text: reply.text }) : ""}`;
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
