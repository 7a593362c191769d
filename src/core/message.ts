/** What came in, whatever the channel. Channels parse their payloads into this and nothing else crosses. */
export interface Message {
  /** Unique per gesture: the same gesture delivered twice has the same id. */
  id: string;
  /** Further ids the same gesture may come under; one seen before is enough. */
  aliases?: readonly string[];
  /** The channel's name: "console", "terminal", "api", "slack" … */
  channel: string;
  /** One thread of memory. Opaque. */
  conversation: string;
  audience: Audience;
  user: User;
  text: string;
  at: Date;
  /** Project the asker chose to ask about; a bound place has its own. */
  scope?: string;
}

/** Who will read the answer: the asker alone, or everyone in the place. */
export type Audience = "direct" | "group";

/** Ordered: each role may do what the ones before it may. */
export const ROLES = ["viewer", "analyst", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  /** Unique across channels, e.g. "local:viewer", "slack:T1:U2". */
  id: string;
  name: string;
  email?: string;
  /** IANA name. "Today" and "last week" are worked out in it. */
  timeZone: string;
  roles: readonly Role[];
  /** Came with a key bound to this AI agent: it has no role, and may do nothing but send that agent's events. */
  agent?: string;
  /** Came with a key of one project: sees that and what belongs to it, nothing else. `fields` are those of `records/projects.ts`. */
  project?: { id: string; fields: Readonly<Record<string, unknown>> };
}

/** True when one of `roles` is at least `needed`. */
export function hasRole(roles: readonly Role[], needed: Role): boolean {
  return roles.some((role) => ROLES.indexOf(role) >= ROLES.indexOf(needed));
}
