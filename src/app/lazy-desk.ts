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
