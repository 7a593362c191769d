import { z } from "zod";
import type { DigestDesk, SubscribedDigest } from "../../core/digest.ts";
import { HttpError, type HttpRequest, type Route } from "../../core/http.ts";
import type { User } from "../../core/message.ts";
import { UserError } from "../../errors.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";

const asked = z.strictObject({
  words: z.string().min(1).max(600).describe("What and when: “cost every weekday at 9 in Berlin”, as after /digest add in a chat."),
  channel: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe("The channel's name: slack, teams, email or webhook. Not needed where the words say “to finance@example.com”."),
  conversation: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe("Where in it, as shown by the list: “slack:T0123:C0456”; an address for email, a name for webhook."),
});

const subscribed = {
  type: "object",
  properties: {
    id: { type: "string" },
    digest: { type: "string" },
    words: { type: "string", description: "All of it in one line." },
    channel: { type: "string" },
    conversation: { type: "string" },
    schedule: { type: "string" },
    timeZone: { type: "string", description: "IANA name." },
    paused: { type: "boolean" },
    next: { type: ["string", "null"], format: "date-time" },
    last: {
      type: ["object", "null"],
      description: "The newest slot, and what became of it.",
      properties: { slot: { type: "string" }, state: { type: "string" } },
    },
  },
};

/** The digests there are, and what is subscribed. */
export function digestRoutes(api: Pick<ApiContext, "toolContext" | "rateLimit">): Route[] {
  const base = "/api/v1/digests";

  const open = async (request: HttpRequest): Promise<{ desk: DigestDesk; user: User; headers: Record<string, string> }> => {
    const user = request.user as User;
    const headers = await api.rateLimit(user.id);
    const desk = api.toolContext(user, request.signal).digests;
    if (!desk) throw new HttpError(404, "There are no digests here.");
    return { desk, user, headers };
  };

  const change = (
    method: "POST" | "DELETE",
    action: string,
    summary: string,
    work: (desk: DigestDesk, id: string) => Promise<SubscribedDigest>,
  ): Route => ({
    method,
    path: `${base}/{id}${action}`,
    access: "analyst",
    docs: { summary, tag: "digests", response: subscribed },
    async handle(request) {
      const { desk, headers } = await open(request);
      return { status: 200, headers, data: await work(desk, request.params.id ?? "").catch(asMissing) };
    },
  });

  return [
    {
      method: "GET",
      path: base,
      access: "viewer",
      docs: {
        summary: "The digests there are, and the subscribed ones, soonest first",
        tag: "digests",
        response: {
          type: "object",
          properties: { digests: { type: "array", items: { type: "object" } }, subscriptions: { type: "array", items: subscribed } },
        },
      },
      async handle(request) {
        const { desk, headers } = await open(request);
        const [digests, subscriptions] = await Promise.all([desk.kinds(), desk.list()]);
        return { status: 200, headers, data: { digests, subscriptions } };
      },
    },
    {
      method: "POST",
      path: base,
      access: "analyst",
      docs: {
        summary: "Subscribe a place to a digest",
        tag: "digests",
        body: z.toJSONSchema(asked, { io: "input" }),
        response: subscribed,
      },
      async handle(request) {
        const { desk, user, headers } = await open(request);
        const { words, channel = "api", conversation = "" } = validate(asked, request.json());
        return { status: 201, headers, data: await desk.add(words, { channel, conversation, audience: "group" }, user) };
      },
    },
    change("POST", "/pause", "Pause a subscription", (desk, id) => desk.pause(id, true)),
    change("POST", "/resume", "Go on with a paused subscription", (desk, id) => desk.pause(id, false)),
    change("POST", "/run", "Make and post one now", (desk, id) => desk.run(id)),
    change("DELETE", "", "Remove a subscription", (desk, id) => desk.remove(id)),
  ];
}

function asMissing(error: unknown): never {
  if (error instanceof UserError && error.path === "id") throw new HttpError(404, error.message);
  throw error;
}
