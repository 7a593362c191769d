import { ConfigError } from "../errors.ts";
import type { IssuedTokens } from "../identity/issued-token.ts";
import type { Oidc } from "../identity/oidc.ts";
import type { VendorHttp } from "../integrations/http.ts";
import { appSecret } from "../records/secrets.ts";
import type { Running } from "./context.ts";

const CALLBACK = "/api/v1/auth/oidc/callback";

/**
 * Sign-in with the company's account, and its tokens for our MCP server; undefined where no issuer is set. Throws ConfigError when what it
 * needs beside is missing.
 */
export async function openOidc(running: Running): Promise<{ signIn: Oidc; issued: IssuedTokens } | undefined> {
  const { config, store, now, vendorContext } = running;
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_DOMAINS, PUBLIC_URL, ROLES } = config.core;
  if (OIDC_ISSUER === undefined) return undefined;
  const missing = [...(OIDC_CLIENT_ID ? [] : ["OIDC_CLIENT_ID"]), ...(PUBLIC_URL ? [] : ["PUBLIC_URL"])];
  if (!OIDC_CLIENT_ID || !PUBLIC_URL)
    throw new ConfigError([`OIDC_ISSUER is set, and ${missing.join(" and ")} must be too: set them, or unset OIDC_ISSUER.`]);
  const { createOidc } = await import("../identity/oidc.ts");
  const { createIssuedTokens } = await import("../identity/issued-token.ts");
  const { rolesOf } = await import("./sign-in.ts");
  const clients = new Map<string, Promise<VendorHttp>>();
  // Its tokens and keys may be served by other hosts, over https and at public addresses.
  const clientOf = (host: string): Promise<VendorHttp> => {
    const known =
      clients.get(host) ??
      import("../integrations/http.ts").then(({ createVendorHttp }) =>
        createVendorHttp({
          ...{ vendor: "OpenID issuer", address: "OIDC_ISSUER", credentials: "OIDC_CLIENT_SECRET", baseUrl: OIDC_ISSUER },
          ...{ hosts: [host], context: vendorContext, maxBytes: 1_048_576 },
        }),
      );
    clients.set(host, known);
    return known;
  };
  const common = {
    issuer: OIDC_ISSUER,
    domains: OIDC_DOMAINS,
    isNamed: (email: string) => ROLES.has(email),
    async fetch(url: string, init: RequestInit) {
      const http = await clientOf(new URL(url).hostname);
      return http.fetch(url, { ...init, redirect: "error", operation: init.method === "POST" ? "POST token" : "GET discovery" });
    },
    now,
  };
  const signIn = createOidc({
    ...common,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    redirectUri: new URL(CALLBACK, PUBLIC_URL).href,
    secret: await appSecret(store.database, "oidc"),
  });
  const issued = createIssuedTokens({
    ...common,
    resource: new URL("/mcp", PUBLIC_URL).href,
    userOf: (person) => ({
      ...{ id: person.user, name: person.name, timeZone: config.core.TIME_ZONE, roles: rolesOf(person, config.core) },
      ...(person.email ? { email: person.email } : {}),
    }),
  });
  return { signIn, issued };
}
