import type { CoreSettings } from "../config/settings.ts";
import type { Role } from "../core/message.ts";
import { UserError } from "../errors.ts";
import { createAccessTokens } from "../identity/access-token.ts";
import { createLimits, createRateLimit, type Limits, type RateLimit } from "../identity/rate-limit.ts";
import { createSignIn, type SignIn } from "../identity/sign-in.ts";
import { createSharedCount } from "../records/rate-windows.ts";
import { appSecret } from "../records/secrets.ts";
import { createSessions, type Person } from "../records/sessions.ts";
import type { Running } from "./context.ts";

/** Keys, links and sessions, as the doors and the channels use them. */
export async function openSignIn({ store, config, now }: Pick<Running, "store" | "config" | "now">): Promise<SignIn> {
  return createSignIn({
    sessions: createSessions(store.database, now),
    tokens: createAccessTokens(await appSecret(store.database, "access tokens"), now),
    keys: store.keys,
    rolesOf: (person) => rolesOf(person, config.core),
    timeZone: config.core.TIME_ZONE,
  });
}

/** By the settings as they are now, so that a role taken away is gone with the next request. Chats name people by the last part of their id. */
export function rolesOf({ user, email }: Person, { ROLES }: CoreSettings): readonly Role[] {
  // Ids of an issuer are its own; only the address it vouches for says who somebody is here.
  if (user.startsWith("oidc:")) return [ROLES.get(email?.toLowerCase() ?? "") ?? "viewer"];
  const id = user.startsWith("slack:") ? (user.split(":").at(-1) ?? "") : user.replace(/^\w+:/, "");
  return [ROLES.get(id.toLowerCase()) ?? ROLES.get(email?.toLowerCase() ?? "") ?? "viewer"];
}

/** The address of a one-time link for this person. What opens it stands after the #, so that no server or log on the way sees it. */
export async function signInLink(person: Person, signIn: SignIn, core: CoreSettings): Promise<string> {
  const base =
    core.PUBLIC_URL ?? (core.PORT === 0 ? undefined : `http://${core.HOST.includes(":") ? `[${core.HOST}]` : core.HOST}:${core.PORT}`);
  if (!base) throw new UserError("The console has no address to sign in at. Whoever runs me sets PUBLIC_URL.");
  const { secret } = await signIn.link(person);
  return `${base.replace(/\/$/, "")}/sign-in#${secret}`;
}

/** Counted in the database where several processes share it. */
export function openLimits({ store, now, onFault }: Pick<Running, "store" | "now" | "onFault">): Limits {
  const shared = store.database.dialect === "postgres" ? { count: createSharedCount(store.database) } : {};
  return createLimits(now, { ...shared, onFault });
}

/** For questions, tools and MCP over HTTP. Machines come with a key; the local viewer counts as one. */
export function openRateLimit({ config, limits, telemetry, now }: Pick<Running, "config" | "limits" | "telemetry" | "now">): RateLimit {
  const { core } = config;
  const key = { name: "key", perMinute: core.REQUESTS_PER_MINUTE };
  const user = { name: "user", perMinute: core.USER_REQUESTS_PER_MINUTE };
  const policyOf = (id: string) => (/^(?:key|local):/.test(id) ? key : user);
  const limit = createRateLimit(policyOf, now, limits);
  return async (id) => {
    try {
      return await limit(id);
    } catch (error) {
      telemetry.limited(policyOf(id).name);
      throw error;
    }
  };
}
