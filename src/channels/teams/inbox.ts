import type { Activity, TurnContext } from "botbuilder";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import type { Connector } from "./adapter.ts";
import { isLocalTool } from "./anonymous.ts";
import { tenantsOf, text } from "./parse.ts";
import type { TeamsIdentity } from "./settings.ts";

const BODY_LIMIT = 1_048_576;

export interface InboxOptions {
  identity: TeamsIdentity;
  connect(): Promise<Connector>;
  /** Work inside the HTTP request: only what must be certain before Teams hears "ok". What it throws is answered 500, and Teams delivers again. */
  take(context: TurnContext): Promise<void>;
  onIgnored(why: string): void;
}

/** The messaging endpoint: what comes in is who it says it is, of our tenant, and from Teams. */
export function createInbox({ identity, connect, take, onIgnored }: InboxOptions): Route {
  async function receive(request: HttpRequest): Promise<HttpResponse> {
    const body = request.json();
    const activity = toActivity(body);
    if (identity.kind === "anonymous" && !isLocalTool(request.raw.request, text(activity.serviceUrl)))
      throw new HttpError(403, "Anonymous Teams answers tools on this machine only.");
    // The SDK checks the token against another issuer when an activity claims to come from elsewhere.
    if (identity.kind === "app" && activity.channelId !== "msteams") throw new HttpError(401, "This endpoint takes Microsoft Teams only.");
    const connector = await connect();
    const answer = await connector.take(request.headers.authorization ?? "", activity, async (context) => {
      const why = foreign(activity);
      if (why) onIgnored(why);
      else await take(context);
    });
    return {
      status: answer?.status ?? 200,
      headers: answer?.body ? { "content-type": "application/json" } : {},
      raw: answer?.body ? JSON.stringify(answer.body) : "",
    };
  }

  /** A token proves the sender is Teams, not that a person of ours is writing. */
  function foreign(activity: Activity): string | undefined {
    if (identity.kind === "anonymous") return undefined;
    const { home } = tenantsOf(activity);
    if (!home) return "no tenant";
    return home.toLowerCase() === identity.tenant.toLowerCase() ? undefined : "another tenant";
  }

  return { method: "POST", path: "/api/messages", access: "own", bodyLimit: BODY_LIMIT, handle: receive };
}

/** Throws HttpError 400 for what the SDK could not work with. */
function toActivity(body: unknown): Activity {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new HttpError(400, "This is not an activity.");
  const activity = { ...body } as Record<string, unknown>;
  if (!text(activity.type)) throw new HttpError(400, "This is not an activity: it has no type.");
  // Without it the SDK checks the token against no address.
  if (!URL.canParse(text(activity.serviceUrl))) throw new HttpError(400, "This activity names no serviceUrl.");
  for (const name of ["timestamp", "localTimestamp", "expiration"]) {
    const at = new Date(text(activity[name]));
    if (Number.isNaN(at.getTime())) delete activity[name];
    else activity[name] = at;
  }
  return activity as unknown as Activity;
}
