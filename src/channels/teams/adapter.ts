import type { Activity, ConversationReference, InvokeResponse, TurnContext } from "botbuilder";
import type { ClaimsIdentity, ConnectorClient, ConnectorFactory, ServiceClientCredentialsFactory } from "botframework-connector";
import { HttpError } from "../../core/http.ts";
import type { TeamsIdentity } from "./settings.ts";

/**
 * Another cloud than the public one. Whoever sets these decides whose signatures count, so they are an argument and never a setting.
 */
export interface TeamsCloud {
  /** The SDK's own names. */
  settings: Readonly<Record<string, string | boolean>>;
  credentials: ServiceClientCredentialsFactory;
  /** Longest time of one request to the service. Default: ten seconds. */
  deadlineMs?: number;
}

export type Work = (context: TurnContext) => Promise<void>;

/** The SDK, as far as the channel knows it. */
export interface Connector {
  /** Checks the token, then works inside the request; gives the answer to an invoke. Throws HttpError for the token, and all the work throws. */
  take(header: string, activity: Activity, work: Work): Promise<InvokeResponse | undefined>;
  /** Works in a kept conversation; its context outlives any request. */
  enter(reference: Partial<ConversationReference>, work: Work): Promise<void>;
  /** The roster's entry for a person, as the service gives it. Throws what it refuses: 404 for somebody it does not know. */
  member(context: TurnContext, conversation: string, user: string): Promise<unknown>;
  /** Begins a thread in a channel with `first`, then works in it. */
  begin(reference: Partial<ConversationReference>, first: Partial<Activity>, work: Work): Promise<void>;
}

/** As much of the client's HTTP pipeline as is set here. */
interface Pipeline {
  removePolicy(policy: { name: string }): void;
  addPolicy(policy: {
    name: string;
    sendRequest(request: { timeout?: number }, next: (request: unknown) => Promise<unknown>): Promise<unknown>;
  }): void;
}

const DEADLINE_MS = 10_000;
const AUDIENCE = "https://api.botframework.com";

/**
 * The SDK's adapter with what it leaves open closed: posts are not repeated by themselves, each call ends, and activity entities
 * (streams, citations, the AI label) reach the wire whole, which 4.23.3 strips.
 */
export async function createConnector(identity: TeamsIdentity, cloud?: TeamsCloud): Promise<Connector> {
  const sdk = await import("botbuilder");
  await keepEntities();
  const deadline = cloud?.deadlineMs ?? DEADLINE_MS;
  class Authentication extends sdk.ConfigurationBotFrameworkAuthentication {
    override createConnectorFactory(claims: ClaimsIdentity): ConnectorFactory {
      return once(super.createConnectorFactory(claims), deadline);
    }
    override async authenticateRequest(activity: Activity, header: string) {
      const result = await super.authenticateRequest(activity, header).catch(refuse);
      return { ...result, ...(result.connectorFactory ? { connectorFactory: once(result.connectorFactory, deadline) } : {}) };
    }
  }
  class Adapter extends sdk.CloudAdapter {
    take(header: string, activity: Activity, work: Work): Promise<InvokeResponse | undefined> {
      return this.processActivity(header, activity, work);
    }
  }
  const adapter = new Adapter(new Authentication({ ...settingsOf(identity), ...cloud?.settings }, cloud?.credentials));
  // Swallowed here, an error would be answered 200 and the message lost.
  adapter.onTurnError = async (_, error) => {
    throw error;
  };
  const appId = identity.kind === "app" ? identity.id : "";
  return {
    take: (header, activity, work) => adapter.take(header, activity, work),
    enter: (reference, work) => adapter.continueConversationAsync(appId, reference, work),
    async member(context, conversation, user) {
      const client: ConnectorClient | undefined = context.turnState.get(adapter.ConnectorClientKey);
      if (!client) throw new Error("this conversation has no way to the service");
      return client.conversations.getConversationMember(conversation, user);
    },
    begin(reference, first, work) {
      const channel = reference.conversation?.id ?? "";
      const parameters = {
        isGroup: true,
        channelData: { channel: { id: channel } },
        activity: first as Activity,
        bot: reference.bot ?? { id: "", name: "" },
        tenantId: reference.conversation?.tenantId ?? "",
      };
      return adapter.createConversationAsync(
        appId,
        "msteams",
        reference.serviceUrl ?? "",
        AUDIENCE,
        parameters as Parameters<typeof adapter.createConversationAsync>[4],
        work,
      );
    },
  };
}

function settingsOf(identity: TeamsIdentity): Record<string, string> {
  if (identity.kind === "anonymous") return {};
  return {
    MicrosoftAppId: identity.id,
    MicrosoftAppPassword: identity.password,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: identity.tenant,
  };
}

/** Whatever is wrong with a token is a refusal; only keys that cannot be read are no fault of the caller. */
function refuse(error: unknown): never {
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  if (name === "FetchError" || (statusCode ?? 0) >= 500)
    throw new HttpError(503, "The keys of the Bot Connector cannot be read now.", { headers: { "retry-after": "10" } });
  throw new HttpError(401, "This needs a token of the Bot Connector for this bot.");
}

function once(factory: ConnectorFactory, deadlineMs: number): ConnectorFactory {
  return {
    async create(url: string, audience: string) {
      const client = await factory.create(url, audience);
      const { pipeline } = (client as unknown as { client: { pipeline: Pipeline } }).client;
      pipeline.removePolicy({ name: "defaultRetryPolicy" });
      pipeline.addPolicy({
        name: "deadline",
        sendRequest(request, next) {
          request.timeout = deadlineMs;
          return next(request);
        },
      });
      return client;
    },
  } as ConnectorFactory;
}

/** Remove when the pin moves; a test on the wire fails without it. */
async function keepEntities(): Promise<void> {
  const { default: mappers } = await import("botframework-connector/lib/connectorApi/models/mappers.js");
  const entity: { additionalProperties?: unknown } = mappers.Entity.type;
  entity.additionalProperties ??= { type: { name: "Object" } };
}
