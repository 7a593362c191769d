import { once } from "../core/once.ts";

/** Short-lived tokens that stand for a session. They name it and nothing else: role and rights are looked up at each use. */
export interface AccessTokens {
  issue(session: string, user: string): Promise<{ token: string; expiresInS: number }>;
  /** The session it names; null for one that is forged, altered, too old, not valid yet, or made for something else. */
  read(token: string): Promise<{ session: string; user: string } | null>;
}

const LIFETIME_S = 15 * 60;
/** Clocks of two replicas may differ by so much. */
const SKEW_S = 30;
const ISSUER = "firstmate";
const AUDIENCE = "firstmate:api";
const TYPE = "at+jwt";
const ALGORITHM = "HS256";

/** `secret` is base64url of at least 256 bits, the same in every process. JWT (RFC 7519, profile RFC 9068), signed by HMAC with SHA-256. */
export function createAccessTokens(secret: string, now: () => Date): AccessTokens {
  const key = Buffer.from(secret, "base64url");
  if (key.length < 32) throw new Error("the secret of access tokens is shorter than 256 bits");
  const library = once(() => import("jose"));
  return {
    async issue(session, user) {
      const { SignJWT } = await library();
      const at = Math.floor(now().getTime() / 1000);
      const token = await new SignJWT({ sid: session })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(user)
        .setIssuedAt(at)
        .setNotBefore(at)
        .setExpirationTime(at + LIFETIME_S)
        .sign(key);
      return { token, expiresInS: LIFETIME_S };
    },
    async read(token) {
      const { jwtVerify } = await library();
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          clockTolerance: SKEW_S,
          maxTokenAge: LIFETIME_S,
          currentDate: now(),
          requiredClaims: ["sub", "sid", "nbf", "exp", "iat"],
        });
        const { sub, sid } = payload;
        return typeof sub === "string" && typeof sid === "string" ? { session: sid, user: sub } : null;
      } catch {
        return null;
      }
    },
  };
}
