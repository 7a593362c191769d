import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Fields } from "./shapes.ts";

export const ISSUER = "https://api.botframework.com";

/** Made once: keys are slow to make. */
const known = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const unknown = generateKeyPairSync("rsa", { modulusLength: 2_048 });

export interface TokenOptions {
  claims?: Fields;
  header?: Fields;
  /** stranger: a key nobody published. none: no signature. */
  key?: "known" | "stranger" | "none" | "hmac";
}

/** Signs what the Bot Connector would: `claims` are added, and left out where undefined. */
export function signToken(defaults: Fields, options: TokenOptions = {}): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const key = options.key ?? "known";
  const header = { typ: "JWT", kid: "k1", alg: key === "none" ? "none" : key === "hmac" ? "HS256" : "RS256", ...options.header };
  const payload = { iss: ISSUER, nbf: seconds - 10, exp: seconds + 3_600, ...defaults, ...options.claims };
  const head = `${encode(header)}.${encode(payload)}`;
  return `${head}.${signature(head, key)}`;
}

function signature(head: string, key: NonNullable<TokenOptions["key"]>): string {
  if (key === "none") return "";
  // The old trick: the public key as the secret of a symmetric signature.
  if (key === "hmac")
    return createHmac("sha256", known.publicKey.export({ type: "spki", format: "pem" }))
      .update(head)
      .digest("base64url");
  return sign("RSA-SHA256", Buffer.from(head), (key === "known" ? known : unknown).privateKey).toString("base64url");
}

/** The provider's two documents. `k2` is published but not endorsed for Teams; `k3` signs for other channels too, as the service's own keys do. */
export function openIdDocument(base: string, path: string): unknown {
  if (path === "/openid") return { issuer: ISSUER, jwks_uri: `${base}/keys` };
  return {
    keys: [
      { ...jwk(known.publicKey), kid: "k1", use: "sig", endorsements: ["msteams"] },
      { ...jwk(known.publicKey), kid: "k2", use: "sig", endorsements: ["webchat"] },
      { ...jwk(known.publicKey), kid: "k3", use: "sig", endorsements: ["msteams", "webchat", "directline", "emulator"] },
    ],
  };
}

function jwk(key: KeyObject): Fields {
  return key.export({ format: "jwk" });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
