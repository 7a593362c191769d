import type { User } from "../core/message.ts";
import { once } from "../core/once.ts";
import type { Person } from "../records/sessions.ts";
import { admitted, type Claims, type Membership } from "./oidc.ts";

/**
 * Access tokens that the company's issuer has made for one address of ours (JWT, RFC 9068; audience by RFC 8707), as MCP's authorization
 * of 2026-07-28 has them. Tokens of the same issuer for anything else, its ID tokens among them, open nothing.
 */
export interface IssuedTokens {
  /** What tells a client where to get one (RFC 9728). */
  metadata: Readonly<Record<string, unknown>>;
  /** What a 401 says of where that is, as WWW-Authenticate. */
  challenge: string;
  /**
   * undefined for a token that is forged, too old, by or for somebody else. Throws HttpError 403 for who is not let in, VendorError when
   * the issuer is out of reach.
   */
  userOf(token: string): Promise<User | undefined>;
}

export interface IssuedTokensOptions extends Membership {
  issuer: string;
  /** The address they are for: "https://firstmate.example.com/mcp". */
  resource: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  userOf(person: Person): User;
  now(): Date;
}

const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** Clocks differ by so much. */
const SKEW_S = 30;
const SCOPE = "openid email";

export function createIssuedTokens(options: IssuedTokensOptions): IssuedTokens {
  const { issuer, resource, fetch, now } = options;
  const library = once(() => import("jose"));

  const keys = once(async () => {
    const { createRemoteJWKSet, customFetch } = await library();
    const found = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, { method: "GET" });
    const { jwks_uri } = (await found.json()) as { jwks_uri: string };
    return createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: (url: string, init: RequestInit) => fetch(url, init) });
  });

  return {
    challenge: `Bearer resource_metadata="${metadataOf(resource)}", scope="${SCOPE}"`,
    metadata: {
      resource,
      authorization_servers: [issuer],
      scopes_supported: SCOPE.split(" "),
      bearer_methods_supported: ["header"],
      resource_name: "Firstmate",
    },
    async userOf(token) {
      const { errors, jwtVerify } = await library();
      try {
        const { payload } = await jwtVerify<Claims>(token, await keys(), {
          algorithms: ALGORITHMS,
          issuer,
          audience: resource,
          clockTolerance: SKEW_S,
          currentDate: now(),
          requiredClaims: ["sub", "exp", "iat"],
        });
        return options.userOf(admitted(payload, options));
      } catch (error) {
        if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return undefined;
        throw error;
      }
    },
  };
}

/** Between the host and the path of the resource (RFC 9728, 3.1). */
function metadataOf(resource: string): string {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname}`;
}
