/** What the app asks for in the manifest, and what each scope is for: the sentence goes on after "cannot". */

interface Scope {
  scope: string;
  why: string;
}

const NEEDED: readonly Scope[] = [
  { scope: "app_mentions:read", why: "hear mentions in channels" },
  { scope: "assistant:write", why: "show what I am doing and what can be asked" },
  { scope: "chat:write", why: "answer" },
  { scope: "commands", why: "take commands" },
  { scope: "files:write", why: "show charts" },
  { scope: "im:history", why: "read direct messages" },
];

const LOOK = "look whether a post arrived before repeating it in a channel (so an answer may be missing after a failure)";
const USEFUL: readonly Scope[] = [
  { scope: "channels:history", why: LOOK },
  { scope: "groups:history", why: LOOK },
  { scope: "mpim:history", why: LOOK },
  { scope: "channels:read", why: "see by a command that a channel is shared with other companies" },
  { scope: "groups:read", why: "see by a command that a channel is shared with other companies" },
  { scope: "users:read", why: "know names, time zones and who is a guest" },
  { scope: "users:read.email", why: "give roles by e-mail address" },
];

export function missingScopes(granted: readonly string[]): { needed: Scope[]; useful: Scope[] } {
  const lacks = ({ scope }: Scope) => !granted.includes(scope);
  return { needed: NEEDED.filter(lacks), useful: USEFUL.filter(lacks) };
}

/** As the manifest says them. */
export const SCOPES = { bot: NEEDED.map(({ scope }) => scope), bot_optional: USEFUL.map(({ scope }) => scope) };
