import { createRequire } from "node:module";
import type { Activity, CloudAdapter } from "botbuilder";
import type { ClaimsIdentity, ConnectorFactory } from "botframework-connector";
import type { TeamsIdentity } from "./settings.ts";

/** As much of the connector's HTTP pipeline as is set here. */
interface Pipeline {
  removePolicy(policy: { name: string }): void;
  addPolicy(policy: {
    name: string;
    sendRequest(request: { timeout?: number }, next: (request: unknown) => Promise<unknown>): Promise<unknown>;
  }): void;
}

const DEADLINE_MS = 10_000;

/**
 * The SDK's adapter with what it leaves open closed: posts are not repeated by themselves, each call ends, and activity entities
 * (streams, citations, the AI label) reach the wire whole, which 4.23.3 strips.
 */
export async function createAdapter(identity: TeamsIdentity): Promise<CloudAdapter> {
  const sdk = await import("botbuilder");
  keepEntities();
  class Authentication extends sdk.ConfigurationBotFrameworkAuthentication {
    override createConnectorFactory(claims: ClaimsIdentity): ConnectorFactory {
      return once(super.createConnectorFactory(claims));
    }
    override async authenticateRequest(activity: Activity, header: string) {
      const result = await super.authenticateRequest(activity, header);
      return { ...result, ...(result.connectorFactory ? { connectorFactory: once(result.connectorFactory) } : {}) };
    }
  }
  const settings =
    identity.kind === "app"
      ? {
          MicrosoftAppId: identity.id,
          MicrosoftAppPassword: identity.password,
          MicrosoftAppType: "SingleTenant",
          MicrosoftAppTenantId: identity.tenant,
        }
      : {};
  const adapter = new sdk.CloudAdapter(new Authentication(settings));
  // Swallowed here, an error would be answered 200 and the message lost.
  adapter.onTurnError = async (_, error) => {
    throw error;
  };
  return adapter;
}

function once(factory: ConnectorFactory): ConnectorFactory {
  return {
    async create(url: string, audience: string) {
      const client = await factory.create(url, audience);
      const { pipeline } = (client as unknown as { client: { pipeline: Pipeline } }).client;
      pipeline.removePolicy({ name: "defaultRetryPolicy" });
      pipeline.addPolicy({
        name: "deadline",
        sendRequest(request, next) {
          request.timeout = DEADLINE_MS;
          return next(request);
        },
      });
      return client;
    },
  } as ConnectorFactory;
}

/** Remove when the pin moves; a test on the wire fails without it. */
function keepEntities(): void {
  const mappers = createRequire(import.meta.url)("botframework-connector/lib/connectorApi/models/mappers") as {
    Entity: { type: { additionalProperties?: unknown } };
  };
  mappers.Entity.type.additionalProperties ??= { type: { name: "Object" } };
}
