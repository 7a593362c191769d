import type { IncomingMessage, ServerResponse } from "node:http";
import type { Activity, CloudAdapter, ConversationReference, TurnContext } from "botbuilder";
import type { Delivery, Handler } from "../../core/channel.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import type { CheckResult } from "../../core/integration.ts";
import type { Message } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { createAdapter } from "./adapter.ts";
import { isLocalTool } from "./anonymous.ts";
import { parseActivity, type TeamsGesture, tenantOf, text } from "./parse.ts";
import { cleanMarkdown, renderCard, renderWords } from "./render.ts";
import { type TeamsIdentity, type TeamsSettings, teamsIdentity } from "./settings.ts";
import { Stream } from "./stream.ts";

const BODY_LIMIT = 1_048_576;
/** Pixels; Teams shows no more of an image than this. */
const CHART_WIDTH = 1_024;
const MOST_CHARTS = 2;

/** Teams through the Bot Connector. botbuilder is past its end of life: nothing of it is known outside this folder. */
export async function createTeamsChannel(settings: TeamsSettings, options: ChannelOptions): Promise<CheckedChannel> {
  const identity = teamsIdentity(settings, options);
  const working = new Set<Promise<unknown>>();
  let adapter: Promise<CloudAdapter> | undefined;
  let handle: Handler | undefined;
  const open = () => {
    adapter ??= createAdapter(identity);
    return adapter;
  };
  const appId = identity.kind === "app" ? identity.id : "";

  async function receive(request: HttpRequest): Promise<HttpResponse> {
    const body = request.json() as Partial<Activity>;
    if (identity.kind === "anonymous" && !isLocalTool(request.raw.request, body))
      throw new HttpError(403, "Anonymous Teams answers tools on this machine only.");
    if (typeof body !== "object" || body === null || !text(body.type)) throw new HttpError(400, "This is not an activity: it has no type.");
    if (!text(body.serviceUrl)) throw new HttpError(400, "This activity names no serviceUrl.");
    const { request: req, response: res } = request.raw;
    await (await open()).process(toSdkRequest(req, body), toSdkResponse(res), (context) => onTurn(context));
    return { handled: true };
  }

  /** Inside the HTTP request: only what must be certain before Teams hears "ok". */
  async function onTurn(context: TurnContext): Promise<void> {
    const { activity } = context;
    const tenant = tenantOf(activity);
    if (identity.kind === "app" && tenant && tenant !== identity.tenant) return options.onIgnored("another tenant");
    const reference = await referenceOf(activity);
    if (activity.conversation?.id) await options.keepPlace(conversationOf(activity.conversation.id), reference);
    const parsed = parseActivity(activity);
    if (parsed.kind === "feedback") {
      await options.onFeedback({ turn: parsed.turn, user: `teams:${parsed.user}`, verdict: parsed.verdict });
      await context.sendActivity({ type: "invokeResponse", value: { status: 200, body: {} } });
    } else if (parsed.kind === "message") await begin(parsed.gesture, reference);
    else options.onIgnored(parsed.why);
  }

  async function begin(gesture: TeamsGesture, reference: Partial<ConversationReference>): Promise<void> {
    if (!handle) throw new Error("Teams delivered before start");
    const replies = handle(toMessage(gesture), new AbortController().signal)[Symbol.asyncIterator]();
    const first = await replies.next();
    if (first.done) return options.onIgnored("duplicate");
    inBackground(proactively(reference, (later) => deliver(later, gesture, resume(first.value, replies))));
  }

  /** A context that outlives the request: the request's own is revoked when it is answered. */
  async function proactively(reference: Partial<ConversationReference>, work: (context: TurnContext) => Promise<void>): Promise<void> {
    await (await open()).continueConversationAsync(appId, reference, work);
  }

  async function deliver(context: TurnContext, gesture: TeamsGesture, replies: AsyncIterable<Reply>): Promise<void> {
    const stream = new Stream(context, gesture.kind === "personal", options.wait);
    let typed = false;
    for await (const reply of replies) {
      if (reply.final) {
        const id = await stream.end(renderWords(reply));
        if (id !== undefined || gesture.kind !== "personal") await sendCard(context, reply);
      } else if (reply.text) stream.push(cleanMarkdown(reply.text, []));
      else if (reply.status) {
        stream.status(reply.status);
        if (!typed && gesture.kind !== "personal") await context.sendActivity({ type: "typing" }).catch(options.onFault);
        typed = true;
      }
    }
  }

  async function sendCard(context: TurnContext, reply: Reply): Promise<void> {
    const pictures = new Map<number, Buffer>();
    for (const [index, block] of (reply.blocks ?? []).entries()) {
      if (block.type !== "chart" || pictures.size >= MOST_CHARTS) continue;
      const png = await options.renderPng(block.spec, { width: CHART_WIDTH }).catch(options.onFault);
      if (png) pictures.set(index, png);
    }
    const card = renderCard(reply, pictures);
    if (card) await context.sendActivity(card);
  }

  function inBackground(work: Promise<unknown>): void {
    const tracked = work.catch(options.onFault).finally(() => working.delete(tracked));
    working.add(tracked);
  }

  function toMessage(gesture: TeamsGesture): Message {
    const [id = "", ...aliases] = gesture.ids;
    return {
      id,
      ...(aliases.length ? { aliases } : {}),
      channel: "teams",
      conversation: conversationOf(gesture.conversation),
      audience: gesture.kind === "personal" ? "direct" : "group",
      user: {
        id: `teams:${gesture.user.id}`,
        name: gesture.user.name,
        timeZone: options.timeZone,
        roles: options.rolesOf({ id: gesture.user.id }),
      },
      text: gesture.text,
      at: options.now(),
    };
  }

  const route: Route = { method: "POST", path: "/api/messages", access: "own", bodyLimit: BODY_LIMIT, handle: receive };
  return {
    name: "teams",
    routes: [route],
    async start(given) {
      handle = given;
    },
    async send(conversation, reply, _key): Promise<Delivery> {
      const reference = (await options.placeOf(conversation)) as Partial<ConversationReference> | null;
      if (!reference) return { state: "refused", reason: "the bot was never spoken to there, so Teams gives no way in" };
      try {
        let id = "";
        await proactively(reference, async (context) => {
          id = (await context.sendActivity(renderWords(reply)))?.id ?? "";
          await sendCard(context, reply);
        });
        return { state: "sent", id };
      } catch (error) {
        const status = (error as { statusCode?: number }).statusCode ?? 0;
        return status >= 400 && status < 500
          ? { state: "refused", reason: `Teams answered ${status}` }
          : { state: "ambiguous", reason: status ? `Teams answered ${status}` : "no answer" };
      }
    },
    async stop() {
      await Promise.allSettled([...working]);
    },
    check: async () => checkTeams(identity),
  };
}

function checkTeams(identity: TeamsIdentity): CheckResult {
  if (identity.kind === "anonymous")
    return {
      name: "teams",
      state: "warning",
      message: "anonymous: answers tools on this machine without tokens",
      fix: "For real use set MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID, and remove TEAMS_ANONYMOUS.",
    };
  return {
    name: "teams",
    state: "ok",
    message: `app ${identity.id} of tenant ${identity.tenant}; the messaging endpoint is /api/messages`,
  };
}

function conversationOf(id: string): string {
  return `teams:${id}`;
}

async function referenceOf(activity: Activity): Promise<Partial<ConversationReference>> {
  const { TurnContext } = await import("botbuilder");
  return TurnContext.getConversationReference(activity);
}

function toSdkRequest(request: IncomingMessage, body: Partial<Activity>) {
  return { method: request.method ?? "POST", headers: request.headers, body: body as Record<string, unknown> };
}

/** What the SDK needs of a response, over node's own. */
function toSdkResponse(response: ServerResponse) {
  const out = {
    socket: response.socket,
    status(code: number) {
      response.statusCode = code;
      return out;
    },
    header(name: string, value: unknown) {
      response.setHeader(name, String(value));
      return out;
    },
    send(body: unknown) {
      if (typeof body === "object") response.setHeader("content-type", "application/json");
      response.write(typeof body === "object" ? JSON.stringify(body) : String(body));
      return out;
    },
    end() {
      response.end();
      return out;
    },
  };
  return out;
}

async function* resume(first: Reply, rest: AsyncIterator<Reply>): AsyncIterable<Reply> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
