import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MicrosoftAppCredentials, type ServiceClientCredentials, ServiceClientCredentialsFactory } from "botframework-connector";
import type { TeamsCloud } from "../../../src/channels/teams/adapter.ts";
import { ADA, APP, activitiesFor, TENANT } from "./activities.ts";
import { cardWords } from "./cards.ts";
import { createConnectorRules } from "./connector.ts";
import { ISSUER, openIdDocument, signToken, type TokenOptions } from "./openid.ts";
import { type Answer, type Fault, type Fields, Refusal, type Sent } from "./shapes.ts";

export { ADA, APP, BOT, CHANNEL, GROUP, PERSONAL, TENANT } from "./activities.ts";
export { cardProblems } from "./cards.ts";
export type { Fault, Fields, Sent, Standing } from "./shapes.ts";

export type FakeTeams = Awaited<ReturnType<typeof startFakeTeams>>;

/** Parts of the world that can be gone. */
interface Outage {
  keys: boolean;
  credentials: boolean;
  /** What the roster is answered with instead. */
  roster: number | undefined;
}

/** What Microsoft's login answers, and how far its clock is from ours. */
interface Login {
  refusal: { status: number; body: unknown } | undefined;
  skewMs: number;
}

class Credentials extends ServiceClientCredentialsFactory {
  readonly #gone: Outage;
  constructor(gone: Outage) {
    super();
    this.#gone = gone;
  }
  override async isValidAppId(appId = "") {
    return appId === APP;
  }
  override async isAuthenticationDisabled() {
    return false;
  }
  override async createCredentials() {
    if (this.#gone.credentials) throw new Error("no token for us");
    return MicrosoftAppCredentials.Empty as unknown as ServiceClientCredentials;
  }
}

/** Bot Connector and OpenID provider in one, on loopback, strict and by an injected clock. */
export async function startFakeTeams(now: () => Date) {
  const rules = createConnectorRules();
  const sent: Sent[] = [];
  const violations: string[] = [];
  const gone: Outage = { keys: false, credentials: false, roster: undefined };
  const login: Login = { refusal: undefined, skewMs: 0 };
  /** People by the id that activities name them by, as rosters give them. Whoever is missing is in no roster. */
  const roster = new Map<string, Fields>([[ADA.id, memberOf(ADA)]]);
  const lookups: string[] = [];
  let rosterGate: Promise<void> = Promise.resolve();
  const faults: { fault: Fault; when: (request: Sent) => boolean }[] = [];
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path === "/openid" && gone.keys) return write(response, { status: 500 });
    if (path === "/openid" || path === "/keys") return write(response, { status: 200, body: openIdDocument(base, path) });
    const raw = await readAll(request);
    const aside = besides(request.method ?? "", path, raw);
    if (path.includes("/members/")) await rosterGate;
    if (aside) return write(response, aside);
    const body = JSON.parse(raw || "{}") as Fields;
    const conversation = decodeURIComponent(path.split("/")[3] ?? "");
    const call: Sent = { method: request.method ?? "", path, conversation, body, at: now() };
    sent.push(call);
    const index = faults.findIndex(({ when }) => when(call));
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    const answer = faulty(fault, () => decide(call));
    if (answer === "cut") return void request.socket.destroy();
    if (answer === "hang") return;
    call.status = answer.status;
    write(response, answer);
  }

  /** What is asked beside the posts: the bot's token, and who is who. */
  function besides(method: string, path: string, raw: string): Answer | undefined {
    if (path.startsWith("/login/")) return signIn(path, new URLSearchParams(raw), login, now());
    const [conversation, member] = /^\/v3\/conversations\/([^/]+)\/members\/([^/]+)$/.exec(path)?.slice(1).map(decodeURIComponent) ?? [];
    if (method !== "GET" || conversation === undefined || member === undefined) return undefined;
    lookups.push(conversation);
    return rosterAnswer(conversation, roster.get(member), gone.roster);
  }

  /** Never throws: a throw here would hang the client. */
  function decide(call: Sent): Answer {
    try {
      return rules.take(call);
    } catch (error) {
      if (error instanceof Refusal) {
        if (error.broken) violations.push(error.broken);
        return error.answer;
      }
      violations.push(String(error));
      return { status: 400, body: { error: { code: "BadSyntax", message: String(error) } } };
    }
  }

  return {
    base,
    /** Every request of the bot, in order. */
    sent,
    /** Rules the bot broke. */
    violations,
    /** Messages as they stand. */
    standing: rules.standing,
    /** Ids of conversations the bot was removed from. */
    removed: rules.removed,
    cancel: rules.cancel,
    gone,
    login,
    /** Answers about people wait for it. */
    holdRoster(gate: Promise<void>) {
      rosterGate = gate;
    },
    roster,
    /** Conversations whose roster was read, in order; a read is no post and counts nowhere else. */
    lookups,
    activities: activitiesFor(base),
    /** Strikes the next request that matches; a typing only when asked for. */
    fail(fault: Fault, when: (request: Sent) => boolean = ({ body }) => body.type === "message") {
      faults.push({ fault, when });
    },
    token: (options: TokenOptions = {}) => signToken({ aud: APP, serviceurl: base }, options),
    cloud: (deadlineMs?: number): TeamsCloud => ({
      settings: {
        ToBotFromChannelOpenIdMetadataUrl: `${base}/openid`,
        ToBotFromEmulatorOpenIdMetadataUrl: `${base}/openid`,
        ToBotFromChannelTokenIssuer: ISSUER,
        ToChannelFromBotLoginUrl: `${base}/login`,
        ToChannelFromBotOAuthScope: ISSUER,
        OAuthUrl: `${base}/oauth`,
        CallerId: "urn:botframework:azure",
        ValidateAuthority: true,
      },
      credentials: new Credentials(gone),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    }),
    /** All words that stand, as a reader sees them. */
    seen: () => rules.standing.flatMap(({ activity }) => wordsOf(activity)).join("\n"),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A full member as the roster knows one; `fields` says what is else. */
export function memberOf({ id, name, aadObjectId }: typeof ADA, fields: Fields = {}): Fields {
  const address = `${id.replace(/^29:/, "")}@example.com`;
  return { id, name, objectId: aadObjectId, email: address, userPrincipalName: address, tenantId: TENANT, userRole: "user", ...fields };
}

/** A roster belongs to a chat or a channel; a thread has none. */
function rosterAnswer(conversation: string, member: Fields | undefined, broken: number | undefined): Answer {
  if (broken !== undefined) return { status: broken, body: { error: { code: "ServiceError", message: "later" } } };
  if (conversation.includes(";messageid=")) return { status: 400, body: { error: { code: "BadSyntax", message: "a thread" } } };
  if (!member) return { status: 404, body: { error: { code: "MemberNotFoundInConversation", message: "not here" } } };
  return { status: 200, body: member };
}

/** The token endpoint for the bot's own credentials. */
function signIn(path: string, form: URLSearchParams, { refusal, skewMs }: Login, now: Date): Answer {
  const headers = { date: new Date(now.getTime() + skewMs).toUTCString() };
  if (refusal) return { ...refusal, headers };
  const good =
    path === "/login/oauth2/v2.0/token" &&
    form.get("grant_type") === "client_credentials" &&
    form.get("client_id") === APP &&
    form.get("client_secret") === "secret" &&
    form.get("scope") === `${ISSUER}/.default`;
  return good
    ? { status: 200, headers, body: { token_type: "Bearer", expires_in: 3_599, access_token: "not-a-real-token" } }
    : { status: 401, headers, body: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." } };
}

function faulty(fault: Fault | undefined, decide: () => Answer): Answer | "cut" | "hang" {
  switch (fault) {
    case undefined:
      return decide();
    case "hang":
      return "hang";
    case "reset before":
      return "cut";
    case "reset after":
      decide();
      return "cut";
    case "500 after":
      decide();
      return { status: 500, body: { error: { code: "ServiceError", message: "later" } } };
    case "500 before":
      return { status: 500, body: { error: { code: "ServiceError", message: "later" } } };
    case "502 before":
      return { status: 502, body: {} };
    default:
      return {
        status: fault.status,
        body: fault.body ?? { error: { code: "Injected", message: "injected" } },
        ...(fault.retryAfter === undefined ? {} : { headers: { "retry-after": String(fault.retryAfter) } }),
      };
  }
}

function wordsOf(activity: Fields): string[] {
  const words = [
    activity.text ?? "",
    ...(activity.attachments ?? []).flatMap((a: Fields) => (a.content ? cardWords(a.content) : [a.name ?? ""])),
    ...(activity.suggestedActions?.actions ?? []).map((action: Fields) => action.title),
  ];
  return words.map((text: string) => text.replace(/\\([\\`*_[\]])/g, "$1"));
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body === undefined ? "" : JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
