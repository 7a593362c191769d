import { HttpError, type Route } from "../../core/http.ts";
import { proofCookie, readProofCookie, sessionCookie } from "../../identity/cookie.ts";
import type { Oidc } from "../../identity/oidc.ts";
import type { SignIn } from "../../identity/sign-in.ts";

const TAG = "sign in";
const UNSTORED = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

export interface OidcRoutes {
  /** Absent where no issuer is set. */
  oidc?: Oidc | undefined;
  signIn: Pick<SignIn, "openFor">;
  secure: boolean;
  now(): Date;
}

/** Sign-in to the console with the company's own account. A browser goes there, comes back, and has the console's session. */
export function oidcRoutes({ oidc, signIn, secure, now }: OidcRoutes): Route[] {
  const there = (): Oidc => {
    if (oidc) return oidc;
    throw new HttpError(404, "Sign-in with a company account is off: OIDC_ISSUER and OIDC_CLIENT_ID turn it on.");
  };
  return [
    {
      ...{ method: "GET", path: "/api/v1/auth/oidc", access: "own" },
      docs: { summary: "Go to the company's sign-in (OpenID Connect); answers 302", tag: TAG, responseType: "text/plain", status: 302 },
      async handle() {
        const { url, proof } = await there().begin();
        return { status: 302, headers: { ...UNSTORED, location: url, "set-cookie": proofCookie(proof, secure) }, raw: "" };
      },
    },
    {
      ...{ method: "GET", path: "/api/v1/auth/oidc/callback", access: "own" },
      docs: {
        summary: "Where the company's sign-in sends the browser back to; opens the console's session and answers 303",
        tag: TAG,
        query: { code: { type: "string" }, state: { type: "string" }, iss: { type: "string" }, error: { type: "string" } },
        responseType: "text/plain",
        status: 303,
      },
      async handle(request) {
        const person = await there().finish(request.query, readProofCookie(request.headers, secure));
        const opened = await signIn.openFor(person);
        const maxAgeS = Math.floor((opened.expiresAt.getTime() - now().getTime()) / 1000);
        const cookie = sessionCookie(opened.secret, { secure, maxAgeS });
        return { status: 303, headers: { ...UNSTORED, location: "/", "set-cookie": cookie }, raw: "" };
      },
    },
  ];
}
