import { createLru } from "../../core/lru.ts";
import type { Client } from "./client.ts";
import type { Gesture } from "./parse.ts";

export interface Person {
  name: string;
  timeZone?: string;
  email?: string;
  guest: boolean;
}

const FRESH_MS = 10 * 60_000;

/** Who asks, kept for ten minutes. Without the right to look people up (users:read) a member is known by id alone. */
export function createPeople(client: Client, now: () => Date) {
  const known = createLru<{ person: Person | "unknown"; at: number }>(2_000);
  return async (user: string): Promise<Person | "unknown"> => {
    const cached = known.get(user);
    if (cached && now().getTime() - cached.at < FRESH_MS) return cached.person;
    const person = await lookUp(client, user);
    known.set(user, { person, at: now().getTime() });
    return person;
  };
}

async function lookUp(client: Client, user: string): Promise<Person | "unknown"> {
  try {
    const { user: found } = await client.users.info({ user });
    if (!found) return "unknown";
    const restricted = Boolean(found.is_restricted || found.is_ultra_restricted || found.is_stranger || found.deleted || found.is_bot);
    return {
      name: found.real_name ?? found.name ?? "someone",
      guest: restricted,
      ...(found.tz ? { timeZone: found.tz } : {}),
      ...(found.profile?.email ? { email: found.profile.email } : {}),
    };
  } catch {
    return "unknown";
  }
}

/** Why this person is not answered here; undefined when they are. Everyone in the place would read the answer, so doubt means no. */
export function refusalFor(gesture: Gesture, person: Person | "unknown"): string | undefined {
  if (gesture.shared) return "I do not answer in channels shared with other companies.";
  if (gesture.userTeam !== undefined && gesture.userTeam !== "" && gesture.userTeam !== gesture.place.team)
    return "I only answer members of this workspace.";
  if (person !== "unknown" && person.guest) return "I only answer full members of this workspace. Ask one of them to put the question.";
  return undefined;
}
