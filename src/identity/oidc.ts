import { createHmac, timingSafeEqual } from "node:crypto";
import type { CustomFetchOptions } from "openid-client";
import { HttpError } from "../core/http.ts";
import { once } from "../core/once.ts";
import { UserError, VendorError } from "../errors.ts";
import type { Person } from "../records/sessions.ts";
import { isLoopback } from "./access.ts";

/** Sign-in with an OpenID Connect issuer: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207). */
export interface Oidc {
  /** Where the browser is sent, and what it has to bring back in its cookie. Throws VendorError when the issuer is out of reach. */
  begin(): Promise<{ url: string; proof: string }>;
  /**
   * Who has signed in, by the query the browser comes back with. Throws HttpError 401 for an answer that is not to this browser's question
   * or not by the issuer for us, 403 for who is not let in, VendorError when the issuer is out of reach.
   */
  finish(query: URLSearchParams, proof: string | undefined): Promise<Person>;
}

/** Who of those the issuer knows is let in. */
export interface Membership {
  /** Whoever has a verified address of one of these domains is let in. */
  domains: readonly string[];
  /** Others are let in only when the settings name their verified address. */
  isNamed(email: string): boolean;
}

export interface OidcOptions extends Membership {
  /** As in its tokens: "https://login.example.com". Over http only on this machine. */
  issuer: string;
  clientId: string;
  clientSecret?: string | undefined;
  /** Address of our callback, as the issuer knows it. */
  redirectUri: string;
  /** Signs what stays in the browser between the two. */
  secret: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  now(): Date;
}

const PROOF_MS = 10 * 60_000;
const SCOPE = "openid email profile";
const NOT_OURS = "This sign-in is not the one that this browser began, or is older than ten minutes. Begin it again.";

interface Proof {
  state: string;
  nonce: string;
  verifier: string;
  until: number;
}

export function createOidc(options: OidcOptions): Oidc {
  const library = once(() => import("openid-client"));
  const configured = once(() => discover(options));
  return {
    async begin() {
      const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } = await library();
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const url = buildAuthorizationUrl(await configured(), {
        redirect_uri: options.redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, proof: seal({ state, nonce, verifier, until: options.now().getTime() + PROOF_MS }, options.secret) };
    },

    async finish(query, sealed) {
      const proof = sealed === undefined ? null : unseal(sealed, options.secret);
      if (!proof || proof.until <= options.now().getTime()) throw new HttpError(401, NOT_OURS);
      const claims = await claimsOf(query, proof);
      return admitted(claims, options);
    },
  };

  async function claimsOf(query: URLSearchParams, { state, nonce, verifier }: Proof): Promise<Claims> {
    const { authorizationCodeGrant, AuthorizationResponseError } = await library();
    const here = new URL(options.redirectUri);
    here.search = query.toString();
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    try {
      const tokens = await authorizationCodeGrant(await configured(), here, checks);
      return tokens.claims() as Claims;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof VendorError ? error.cause : error;
      if (cause instanceof VendorError) throw cause;
      if (error instanceof AuthorizationResponseError) throw new HttpError(401, "The sign-in was not completed there. Begin it again.");
      throw new HttpError(401, NOT_OURS);
    }
  }
}

export interface Claims {
  sub: string;
  name?: unknown;
  email?: unknown;
  email_verified?: unknown;
}

/** An address that the issuer does not vouch for is nobody's: roles and projects go by it. Throws HttpError 403 for who is not let in. */
export function admitted({ sub, name, email, email_verified }: Claims, { domains, isNamed }: Membership): Person {
  const address = typeof email === "string" && (email_verified === true || email_verified === "true") ? email.toLowerCase() : undefined;
  const domain = address?.slice(address.lastIndexOf("@") + 1);
  if (address === undefined || domain === undefined)
    throw new HttpError(403, "Your sign-in has no verified e-mail address, by which you would be known here. Ask who runs the sign-in.");
  if (!domains.includes(domain) && !isNamed(address))
    throw new HttpError(
      403,
      "You are not among those who may use this. Whoever runs it adds you to ROLES, or your domain to OIDC_DOMAINS.",
    );
  return { user: `oidc:${sub}`, name: typeof name === "string" && name.trim() !== "" ? name.slice(0, 200) : address, email: address };
}

async function discover({ issuer, clientId, clientSecret, fetch }: OidcOptions) {
  const { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, customFetch, discovery, enableNonRepudiationChecks, None } =
    await import("openid-client");
  const server = new URL(issuer);
  const isHere = server.protocol === "http:" && isLoopback(server.hostname);
  if (server.protocol !== "https:" && !isHere) throw new UserError("OIDC_ISSUER must begin with https://.");
  // The issuer says which form it takes; without a word it is Basic.
  const secretly: ReturnType<typeof None> = (as, client, body, headers) => {
    const methods = as.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const by = methods.includes("client_secret_basic") ? ClientSecretBasic : ClientSecretPost;
    return by(clientSecret)(as, client, body, headers);
  };
  return discovery(server, clientId, clientSecret, clientSecret === undefined ? None() : secretly, {
    [customFetch]: (url: string, init: CustomFetchOptions) => fetch(url, init as RequestInit),
    execute: [enableNonRepudiationChecks, ...(isHere ? [allowInsecureRequests] : [])],
  });
}

function seal(proof: Proof, secret: string): string {
  const text = Buffer.from(JSON.stringify(proof)).toString("base64url");
  return `${text}.${macOf(text, secret)}`;
}

function unseal(sealed: string, secret: string): Proof | null {
  const [text = "", mac = ""] = sealed.split(".");
  const wanted = Buffer.from(macOf(text, secret));
  const given = Buffer.from(mac);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Proof;
}

function macOf(text: string, secret: string): string {
  return createHmac("sha256", secret).update(`oidc\n${text}`).digest("base64url");
}
