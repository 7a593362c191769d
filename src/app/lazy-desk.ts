import type { AlertDesk } from "../core/alert.ts";
import type { DigestDesk } from "../core/digest.ts";

/** The desk for those who hold it long before anyone asks about digests: what is behind it is loaded then. */
export function lazyDesk(open: () => Promise<DigestDesk>): DigestDesk {
  return {
    kinds: async () => (await open()).kinds(),
    list: async (place) => (await open()).list(place),
    add: async (words, place, user) => (await open()).add(words, place, user),
    pause: async (id, paused, place) => (await open()).pause(id, paused, place),
    remove: async (id, place) => (await open()).remove(id, place),
    run: async (id, place) => (await open()).run(id, place),
    preview: async (name, at, timeZone, signal) => (await open()).preview(name, at, timeZone, signal),
  };
}

/** The same for alerts. */
export function lazyAlerts(open: () => Promise<AlertDesk>): AlertDesk {
  return {
    list: async (user, filter) => (await open()).list(user, filter),
    get: async (id, user) => (await open()).get(id, user),
    acknowledge: async (id, user, note) => (await open()).acknowledge(id, user, note),
    snooze: async (id, user, until, note) => (await open()).snooze(id, user, until, note),
    expect: async (id, user, until, note) => (await open()).expect(id, user, until, note),
    undo: async (id, user) => (await open()).undo(id, user),
    feedback: async () => (await open()).feedback(),
    report: async (days) => (await open()).report(days),
    preview: async (at, signal, user) => (await open()).preview(at, signal, user),
  };
}
