import { ConfigError } from "../errors.ts";
import type { Oidc } from "../identity/oidc.ts";
import type { VendorHttp } from "../integrations/http.ts";
import { appSecret } from "../records/secrets.ts";
import type { Running } from "./context.ts";

const CALLBACK = "/api/v1/auth/oidc/callback";

/** Sign-in with the company's account; undefined where no issuer is set. Throws ConfigError when what it needs beside is missing. */
export async function openOidc({ config, store, now, vendorContext }: Running): Promise<Oidc | undefined> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_DOMAINS, PUBLIC_URL, ROLES } = config.core;
  if (OIDC_ISSUER === undefined) return undefined;
  const missing = [...(OIDC_CLIENT_ID ? [] : ["OIDC_CLIENT_ID"]), ...(PUBLIC_URL ? [] : ["PUBLIC_URL"])];
  if (!OIDC_CLIENT_ID || !PUBLIC_URL)
    throw new ConfigError([`OIDC_ISSUER is set, and ${missing.join(" and ")} must be too: set them, or unset OIDC_ISSUER.`]);
  const { createOidc } = await import("../identity/oidc.ts");
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
  return createOidc({
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    redirectUri: new URL(CALLBACK, PUBLIC_URL).href,
    domains: OIDC_DOMAINS,
    isNamed: (email) => ROLES.has(email),
    secret: await appSecret(store.database, "oidc"),
    fetch: async (url, init) => {
      const http = await clientOf(new URL(url).hostname);
      return http.fetch(url, { ...init, redirect: "error", operation: init.method === "POST" ? "POST token" : "GET discovery" });
    },
    now,
  });
}
