/**
 * What the page remembers. The conversation is in the address, so that a reload or a bookmark brings it back;
 * the key lives as long as the tab; the rest is a matter of taste and may be lost.
 */

export const apiKey = slot(() => sessionStorage, "firstmate.key");
/** Who signed in by a link; the session itself is a cookie that no script reads. */
export const signedIn = slot(() => localStorage, "firstmate.signed-in");
export const sidebarChoice = slot(() => localStorage, "firstmate.sidebar");

/** @returns {string | null} the conversation named by the address */
export function currentConversation() {
  const match = /^#\/c\/(.+)$/.exec(location.hash);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}

/** @param {string} id */
export function conversationAddress(id) {
  return `#/c/${encodeURIComponent(id)}`;
}

/**
 * A named place in web storage. Where storage is refused (private windows, policies) it holds for this page only.
 * @param {() => Storage} storage
 * @param {string} name
 */
function slot(storage, name) {
  /** @type {string | null} */
  let value = null;
  try {
    value = storage().getItem(name);
  } catch {}
  return {
    get: () => value,
    /** @param {string | null} next */
    set(next) {
      value = next;
      try {
        if (next === null) storage().removeItem(name);
        else storage().setItem(name, next);
      } catch {}
    },
  };
}
