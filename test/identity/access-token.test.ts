import { createHmac, randomBytes } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createAccessTokens } from "../../src/identity/access-token.ts";

const secret = randomBytes(32).toString("base64url");
const key = Buffer.from(secret, "base64url");
const NOW = Date.parse("2026-11-21T09:00:00Z");
const tokens = (seconds = 0) => createAccessTokens(secret, () => new Date(NOW + seconds * 1000));

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const CLAIMS = { sid: "s1", iss: "firstmate", aud: "firstmate:api", sub: "ada", iat: NOW / 1000, nbf: NOW / 1000, exp: NOW / 1000 + 900 };

/** A token with these parts, signed with our secret unless told otherwise. */
function forge(header: object, claims: object, by: Buffer = key, hash = "sha256"): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac(hash, by).update(text).digest("base64url")}`;
}

describe("access tokens", () => {
  it("name the session for fifteen minutes, allowing for half a minute between two clocks", async () => {
    const { token, expiresInS } = await tokens().issue("s1", "ada");

    expect(expiresInS).toBe(900);
    for (const seconds of [-30, 0, 899, 929])
      expect(await tokens(seconds).read(token), `${seconds} s`).toEqual({ session: "s1", user: "ada" });
    for (const seconds of [-31, 930, 86_400]) expect(await tokens(seconds).read(token), `${seconds} s`).toBeNull();
  });

  it("hold no role and no secret", async () => {
    const { token } = await tokens().issue("s1", "ada");

    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
    expect(Object.keys(claims).sort()).toEqual(["aud", "exp", "iat", "iss", "nbf", "sid", "sub"]);
  });

  it("are told from one that is right but for one part", async () => {
    const header = { alg: "HS256", typ: "at+jwt" };
    expect(await tokens().read(forge(header, CLAIMS))).toEqual({ session: "s1", user: "ada" });

    const wrong: Record<string, string> = {
      "another key": forge(header, CLAIMS, randomBytes(32)),
      "an empty key": forge(header, CLAIMS, Buffer.alloc(0)),
      "alg none": `${part({ alg: "none", typ: "at+jwt" })}.${part(CLAIMS)}.`,
      "alg None with a signature": forge({ alg: "None", typ: "at+jwt" }, CLAIMS),
      "another algorithm": forge({ alg: "HS512", typ: "at+jwt" }, CLAIMS, key, "sha512"),
      "a signature cut short": forge(header, CLAIMS).slice(0, -2),
      "no type": forge({ alg: "HS256" }, CLAIMS),
      "the type of an identity token": forge({ alg: "HS256", typ: "JWT" }, CLAIMS),
      "a key of its own": forge({ ...header, jwk: { kty: "oct", k: secret } }, { ...CLAIMS, exp: NOW / 1000 - 60 }),
      "another issuer": forge(header, { ...CLAIMS, iss: "elsewhere" }),
      "another audience": forge(header, { ...CLAIMS, aud: "firstmate:mcp" }),
      "no end": forge(header, { ...CLAIMS, exp: undefined }),
      "an end far away": forge(header, { ...CLAIMS, iat: NOW / 1000 - 10_000, exp: NOW / 1000 + 86_400 }),
      "not valid yet": forge(header, { ...CLAIMS, nbf: NOW / 1000 + 60 }),
      "no session": forge(header, { ...CLAIMS, sid: undefined }),
      "a session that is no text": forge(header, { ...CLAIMS, sid: { toString: "s1" } }),
      "an unknown critical part": forge({ ...header, crit: ["exp"], exp: 1 }, CLAIMS),
    };
    for (const [what, token] of Object.entries(wrong)) expect(await tokens().read(token), what).toBeNull();
    for (const nonsense of ["", "..", "a.b.c", `${"x".repeat(9_000)}.y.z`]) expect(await tokens().read(nonsense)).toBeNull();
  });

  it("are changed by any change of one byte", async () => {
    const { token } = await tokens().issue("s1", "ada");

    for (let i = 0; i < token.length - 1; i++) {
      const changed = `${token.slice(0, i)}${token[i] === "A" ? "B" : "A"}${token.slice(i + 1)}`;
      if (changed !== token) expect(await tokens().read(changed), `byte ${i}`).toBeNull();
    }
  });

  it("are those that any JWT library makes", async () => {
    const token = await new SignJWT({ sid: "s1" })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
      .setIssuer("firstmate")
      .setAudience("firstmate:api")
      .setSubject("ada")
      .setIssuedAt(NOW / 1000)
      .setNotBefore(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 900)
      .sign(key);

    expect(await tokens().read(token)).toEqual({ session: "s1", user: "ada" });
  });

  it("are not made with a short secret", () => {
    expect(() => createAccessTokens("c2hvcnQ", () => new Date(NOW))).toThrow("256 bits");
  });
});
