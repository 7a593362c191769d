import type { Role, User } from "../core/message.ts";
import type { Keys } from "../records/keys.ts";
import type { Opened, Person, Sessions, SignedIn } from "../records/sessions.ts";
import type { AccessTokens } from "./access-token.ts";

export interface SignInOptions {
  sessions: Sessions;
  tokens: AccessTokens;
  keys: Pick<Keys, "verifyKey">;
  /** What a person of a chat may do by the settings as they are now. */
  rolesOf(person: Person): readonly Role[];
  /** IANA name, for who has none of their own. */
  timeZone: string;
}

/** An access token with the refresh token that follows it up. */
export interface TokenPair {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  refreshExpiresAt: Date;
  user: User;
}

/** Ways in besides the key itself. Each gives null where nobody is let in, without a reason: that would help who tries. */
export interface SignIn {
  link(person: Person): Promise<{ secret: string; expiresAt: Date }>;
  withLink(link: string): Promise<TokenPair | null>;
  /** Not with a key bound to one AI agent: it has no role to pass on. */
  withKey(key: string): Promise<TokenPair | null>;
  refresh(token: string): Promise<TokenPair | null>;
  /** A session of the console; `secret` is what its cookie holds. */
  openConsole(link: string): Promise<{ secret: string; expiresAt: Date; user: User } | null>;
  /** The same for somebody whom another has proved, such as the company's sign-in. */
  openFor(person: Person): Promise<{ secret: string; expiresAt: Date; user: User }>;
  /** Ends the session that a cookie or a refresh token belongs to. */
  end(secret: string): Promise<boolean>;
  userOfToken(accessToken: string): Promise<User | null>;
  userOfCookie(secret: string): Promise<User | null>;
}

export function createSignIn({ sessions, tokens, keys, rolesOf, timeZone }: SignInOptions): SignIn {
  const userOf = (person: SignedIn): User => ({
    id: person.user,
    name: person.name,
    ...(person.email ? { email: person.email } : {}),
    timeZone: person.timeZone ?? timeZone,
    roles: person.role ? [person.role] : rolesOf(person),
    ...(person.project ? { project: person.project } : {}),
  });

  async function pairOf(opened: Opened | null): Promise<TokenPair | null> {
    if (!opened) return null;
    const { person, secret, expiresAt } = opened;
    const { token, expiresInS } = await tokens.issue(person.session, person.user);
    return { accessToken: token, expiresIn: expiresInS, refreshToken: secret, refreshExpiresAt: expiresAt, user: userOf(person) };
  }

  return {
    link: (person) => sessions.createLink(person),
    withLink: async (link) => pairOf(await sessions.openByLink(link, "refresh")),
    async withKey(secret) {
      const key = await keys.verifyKey(secret);
      return key && key.agent === undefined ? pairOf(await sessions.openByKey(key)) : null;
    },
    refresh: async (token) => pairOf(await sessions.refresh(token)),
    async openConsole(link) {
      const opened = await sessions.openByLink(link, "cookie");
      return opened && { secret: opened.secret, expiresAt: opened.expiresAt, user: userOf(opened.person) };
    },
    async openFor(person) {
      const { secret, expiresAt, person: opened } = await sessions.openFor(person);
      return { secret, expiresAt, user: userOf(opened) };
    },
    end: (secret) => sessions.end(secret),
    async userOfToken(accessToken) {
      const named = await tokens.read(accessToken);
      const person = named && (await sessions.byId(named.session));
      return person && person.user === named?.user ? userOf(person) : null;
    },
    async userOfCookie(secret) {
      const person = await sessions.byCookie(secret);
      return person && userOf(person);
    },
  };
}
