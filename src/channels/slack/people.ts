import { createLru } from "../../core/lru.ts";
import { type Client, refusalOf } from "./client.ts";
import { fieldsOf, type Gesture, isGuest } from "./parse.ts";

export interface Person {
  name: string;
  timeZone?: string;
  email?: string;
  guest: boolean;
}

/** unknown: we may not look people up (users:read). unsure: it did not work this time. */
export type Known = Person | "unknown" | "unsure";

const FRESH_MS = 10 * 60_000;

/** Who asks, kept for ten minutes. Never throws. `client` should give up soon: Slack waits for its acknowledgement meanwhile. */
export function createPeople(client: Client, now: () => Date): (user: string) => Promise<Known> {
  return remembered(
    now,
    (known) => known !== "unsure",
    (user) => lookUp(client, user),
  );
}

async function lookUp(client: Client, user: string): Promise<Known> {
  try {
    const { user: found } = await client.users.info({ user });
    if (!found) return "unsure";
    return {
      name: found.real_name ?? found.name ?? "someone",
      guest: isGuest(fieldsOf(found)) || found.deleted === true || found.is_bot === true,
      ...(found.tz ? { timeZone: found.tz } : {}),
      ...(found.profile?.email ? { email: found.profile.email } : {}),
    };
  } catch (error) {
    return refusalOf(error) === "missing_scope" ? "unknown" : "unsure";
  }
}

/** Whether people of other companies read along. Events say so themselves; for commands we ask, where we may (channels:read). */
export function createRooms(client: Client, now: () => Date): (channel: string) => Promise<boolean> {
  return remembered(
    now,
    () => true,
    async (channel) => {
      try {
        const room = fieldsOf((await client.conversations.info({ channel })).channel);
        return room.is_ext_shared === true || room.is_pending_ext_shared === true;
      } catch {
        return false;
      }
    },
  );
}

/** Asks once at a time per key, and again after ten minutes or when the answer was not worth keeping. */
function remembered<T>(now: () => Date, keeps: (value: T) => boolean, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = createLru<{ value: Promise<T>; until: number }>(2_000);
  return (key) => {
    const cached = known.get(key);
    if (cached && now().getTime() < cached.until) return cached.value;
    const entry = { value: ask(key), until: now().getTime() + FRESH_MS };
    known.set(key, entry);
    void entry.value.then((value) => {
      if (!keeps(value)) entry.until = 0;
    });
    return entry.value;
  };
}

/** Why this person is not answered here; undefined when they are. Everyone in the place would read the answer, so doubt means no. */
export function refusalFor({ shared, userTeam, place, guest }: Gesture, person: Known): string | undefined {
  if (shared) return "I do not answer in channels shared with other companies.";
  if (userTeam && userTeam !== place.team) return "I only answer members of this workspace.";
  if (guest || (typeof person === "object" && person.guest))
    return "I only answer full members of this workspace. Ask one of them to put the question.";
  if (person === "unsure") return "I could not check who you are just now. Please ask again in a minute.";
  return undefined;
}
