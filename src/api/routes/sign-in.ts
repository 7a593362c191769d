import { z } from "zod";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import type { User } from "../../core/message.ts";
import { checkOwnPage, readSessionCookie, sessionCookie } from "../../identity/cookie.ts";
import type { SignIn, TokenPair } from "../../identity/sign-in.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";

const tokenInput = z.union([
  z.strictObject({ grant: z.literal("key") }).describe("With the key in the Authorization header."),
  z.strictObject({ grant: z.literal("link"), link: z.string().max(200).describe("What stands after the # of a sign-in link.") }),
  z.strictObject({ grant: z.literal("refresh"), refreshToken: z.string().max(200) }),
]);
const endInput = z.strictObject({ refreshToken: z.string().max(200) });
const linkInput = z.strictObject({ link: z.string().max(200).describe("What stands after the # of a sign-in link.") });

const user = z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) });
const pair = z.object({
  accessToken: z.string().describe("Send it as “Authorization: Bearer …”."),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int().describe("Seconds the access token lasts."),
  refreshToken: z.string().describe("Good for one more pair. Using it twice ends the session."),
  refreshExpiresAt: z.iso.datetime(),
  user,
});

const TAG = "sign in";
/** Nothing of this may stay in a cache. */
const UNSTORED = { "cache-control": "no-store" };
const SPENT_LINK = "This sign-in link is not valid: it was used, or is older than ten minutes. Ask for a new one in chat.";

export interface SignInRoutes {
  signIn: SignIn;
  /** The deployment is reached over https. */
  secure: boolean;
  publicUrl: string | undefined;
  now(): Date;
}

/** Keys and one-time links for short-lived tokens, or for the console's session. */
export function signInRoutes({ signIn, secure, publicUrl, now }: SignInRoutes): Route[] {
  async function pairFor(input: z.output<typeof tokenInput>, request: HttpRequest): Promise<TokenPair> {
    if (input.grant === "key") {
      const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
      return (await signIn.withKey(key)) ?? refuse("This key is not valid here: it is unknown, expired, revoked, or bound to one agent.");
    }
    if (input.grant === "link") return (await signIn.withLink(input.link)) ?? refuse(SPENT_LINK);
    return (
      (await signIn.refresh(input.refreshToken)) ??
      refuse("This refresh token is not valid: it was used, has expired, or its session has ended. Sign in again.")
    );
  }

  /** Another site must neither sign somebody in as somebody else nor out. */
  const ownPage = ({ raw, headers }: HttpRequest) => {
    if (headers.origin !== undefined) checkOwnPage(raw.request.method, headers, publicUrl);
  };

  return [
    {
      ...{ method: "POST", path: "/api/v1/auth/token", access: "own" },
      docs: {
        summary: "An access token of 15 minutes, and the refresh token of 7 days that follows it up",
        tag: TAG,
        body: z.toJSONSchema(tokenInput),
        response: z.toJSONSchema(pair),
      },
      async handle(request) {
        const made = await pairFor(validate(tokenInput, request.json()), request);
        const data = { ...made, tokenType: "Bearer", refreshExpiresAt: made.refreshExpiresAt.toISOString(), user: shown(made.user) };
        return { status: 200, headers: UNSTORED, data };
      },
    },
    {
      ...{ method: "POST", path: "/api/v1/auth/revoke", access: "own" },
      docs: {
        summary: "End the session of a refresh token, and its access tokens with it",
        tag: TAG,
        body: z.toJSONSchema(endInput),
        response: z.toJSONSchema(z.object({ ended: z.boolean() })),
      },
      async handle(request) {
        const { refreshToken } = validate(endInput, request.json());
        return { status: 200, headers: UNSTORED, data: { ended: await signIn.end(refreshToken) } };
      },
    },
    {
      ...{ method: "POST", path: "/api/v1/auth/session", access: "own" },
      docs: {
        summary: "Sign in to the console with a one-time link; the session is a cookie",
        tag: TAG,
        body: z.toJSONSchema(linkInput),
        response: z.toJSONSchema(user),
      },
      async handle(request) {
        ownPage(request);
        const { link } = validate(linkInput, request.json());
        const opened = (await signIn.openConsole(link)) ?? refuse(SPENT_LINK);
        const maxAgeS = Math.floor((opened.expiresAt.getTime() - now().getTime()) / 1000);
        return withCookie(sessionCookie(opened.secret, { secure, maxAgeS }), shown(opened.user));
      },
    },
    {
      ...{ method: "DELETE", path: "/api/v1/auth/session", access: "own" },
      docs: { summary: "Sign out of the console", tag: TAG, response: z.toJSONSchema(z.object({ ended: z.boolean() })) },
      async handle(request) {
        ownPage(request);
        const secret = readSessionCookie(request.headers, secure);
        const ended = secret !== undefined && (await signIn.end(secret));
        return withCookie(sessionCookie("", { secure, maxAgeS: 0 }), { ended });
      },
    },
    {
      ...{ method: "GET", path: "/api/v1/auth/me", access: "viewer", projectKeys: true },
      docs: { summary: "Who you are here", tag: TAG, response: z.toJSONSchema(user) },
      handle: async (request) => ({ status: 200, headers: UNSTORED, data: shown(userOf(request)) }),
    },
  ];
}

function withCookie(cookie: string, data: object): HttpResponse {
  return { status: 200, headers: { ...UNSTORED, "set-cookie": cookie }, data };
}

function refuse(message: string): never {
  throw new HttpError(401, message, { headers: { "www-authenticate": "Bearer" } });
}

function shown({ id, name, roles }: User): z.output<typeof user> {
  return { id, name, roles: [...roles] };
}
