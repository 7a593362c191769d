import { createLru } from "../../core/lru.ts";
import { fieldsOf, text } from "./parse.ts";

/** What the roster of a conversation says about a person. */
export type Standing =
  | { kind: "member"; email?: string }
  /** A guest, somebody of another organisation, or nobody the roster knows. */
  | { kind: "outsider" }
  /** The roster could not be read: who cannot be checked is not answered. */
  | { kind: "unsure" };

/** One entry of the roster as Teams gives it; undefined when there is no such person. May throw what the service answers. */
export type LookUp = () => Promise<unknown>;

export interface Place {
  /** With or without its thread. */
  conversation: string;
  user: string;
  home: string;
}

const FRESH_MS = 10 * 60_000;

/** Activities do not say who is a guest; the roster does. Kept for ten minutes, but never a failure. */
export function createPeople(now: () => Date) {
  const known = createLru<{ standing: Promise<Standing>; until: number }>(5_000);

  /** Asks once at a time for a person in a conversation. Never throws. */
  function check({ conversation, user, home }: Place, lookUp: LookUp): Promise<Standing> {
    const key = `${conversation.replace(/;messageid=.*$/, "")} ${user}`;
    const cached = known.get(key);
    if (cached && now().getTime() < cached.until) return cached.standing;
    const entry = {
      standing: lookUp().then(
        (found) => standingOf(found, home),
        (error: unknown): Standing => ({ kind: (error as { statusCode?: number }).statusCode === 404 ? "outsider" : "unsure" }),
      ),
      until: now().getTime() + FRESH_MS,
    };
    known.set(key, entry);
    void entry.standing.then(({ kind }) => {
      if (kind === "unsure") entry.until = 0;
    });
    return entry.standing;
  }

  return { check };
}

/** A member is who the roster calls one of our own tenant and no guest; what it leaves open means no. */
function standingOf(found: unknown, home: string): Standing {
  const person = fieldsOf(found);
  const role = text(person.userRole);
  const name = text(person.userPrincipalName);
  const isOurs = text(person.tenantId) !== "" && text(person.tenantId).toLowerCase() === home.toLowerCase();
  const isFull = role === "" ? name !== "" : !/guest|anonymous|bot/i.test(role);
  if (!isOurs || !isFull || /#ext#/i.test(name)) return { kind: "outsider" };
  const email = text(person.email) || name;
  return { kind: "member", ...(email ? { email } : {}) };
}

export const OUTSIDER = "I only answer full members of this organisation. Ask one of them to put the question.";
export const UNSURE = "I could not check who you are just now. Please ask again in a minute.";
