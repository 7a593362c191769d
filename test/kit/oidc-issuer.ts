import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** An OpenID issuer on loopback that is strict about what it is asked, and may be told to answer wrongly. */
export interface Issuer {
  url: string;
  /** What was wrong with requests so far; empty when all were as the standards have them. */
  complaints: string[];
  /** The token of the next sign-ins: changes to its claims, and how it is signed. */
  answer(how: { claims?: JWTPayload; sign?: (claims: JWTPayload) => Promise<string> | string }): void;
  /** Plays the person who agrees there: where the browser is sent back to. */
  agree(location: string): Promise<URL>;
  /** An access token of Ada for the resource, with these changes. */
  accessToken(resource: string, claims?: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

export const CLIENT = { id: "firstmate-console", secret: "s3cret:with/odd&signs" };

export async function openIssuer(redirectUri: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const codes = new Map<string, { challenge: string; nonce: string }>();
  const complaints: string[] = [];
  let how: Parameters<Issuer["answer"]>[0] = {};
  let url = "";

  const idToken = async (nonce: string) => {
    const at = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      ...{ iss: url, aud: CLIENT.id, sub: "ada-7", nonce, iat: at, exp: at + 300 },
      ...{ name: "Ada Park", email: "Ada@Example.com", email_verified: true, ...how.claims },
    };
    return how.sign ? how.sign(claims) : new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(privateKey);
  };

  async function token(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const form = new URLSearchParams(await textOf(request));
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!isClient(request.headers.authorization)) complaints.push("the client did not say who it is");
    if (form.get("grant_type") !== "authorization_code") complaints.push("grant_type");
    if (form.get("redirect_uri") !== redirectUri) complaints.push("redirect_uri of the token");
    if (!code || code.challenge !== verifier) return { status: 400, body: { error: "invalid_grant" } };
    return { status: 200, body: { access_token: "at", token_type: "Bearer", expires_in: 60, id_token: await idToken(code.nonce) } };
  }

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", url).pathname;
    const send = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (path === "/.well-known/openid-configuration")
      return send(200, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        authorization_response_iss_parameter_supported: true,
      });
    if (path === "/keys") return send(200, { keys: [jwk] });
    if (path === "/token" && request.method === "POST") {
      const { status, body } = await token(request);
      return send(status, body);
    }
    complaints.push(`nothing is at ${request.method} ${path}`);
    return send(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    complaints,
    answer(next) {
      how = next;
    },
    accessToken(resource, claims = {}) {
      const at = Math.floor(Date.now() / 1000);
      const all = {
        iss: url,
        aud: resource,
        sub: "ada-7",
        iat: at,
        exp: at + 300,
        email: "ada@example.com",
        email_verified: true,
        ...claims,
      };
      return new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: "k1", typ: "at+jwt" }).sign(privateKey);
    },
    async agree(location) {
      const asked = new URL(location);
      const said = (name: string) => asked.searchParams.get(name) ?? "";
      const wanted = { client_id: CLIENT.id, redirect_uri: redirectUri, response_type: "code", code_challenge_method: "S256" };
      for (const [name, value] of Object.entries(wanted)) if (said(name) !== value) complaints.push(`${name} is ${said(name)}`);
      for (const name of ["state", "nonce", "code_challenge"]) if (said(name).length < 32) complaints.push(`${name} can be guessed`);
      if (!said("scope").split(" ").includes("openid")) complaints.push("scope");
      const code = randomUUID();
      codes.set(code, { challenge: said("code_challenge"), nonce: said("nonce") });
      const back = new URL(redirectUri);
      back.search = new URLSearchParams({ code, state: said("state"), iss: url }).toString();
      return back;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** Basic, with the id and the secret encoded like a form (RFC 6749, 2.3.1). */
function isClient(header = ""): boolean {
  const [id = "", secret = ""] = Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString("utf8")
    .split(":");
  const plain = (text: string) => new URLSearchParams(`_=${text}`).get("_");
  return plain(id) === CLIENT.id && plain(secret) === CLIENT.secret;
}
