/**
 * What the page remembers. The conversation is in the address, so that a reload or a bookmark brings it back;
 * the key lives as long as the tab; the rest is a matter of taste and may be lost.
 */

export const apiKey = slot(() => sessionStorage, "firstmate.key");
/** Who signed in by a link; the session itself is a cookie that no script reads. */
export const signedIn = slot(() => localStorage, "firstmate.signed-in");
export const sidebarChoice = slot(() => localStorage, "firstmate.sidebar");

/** Path of the company's own sign-in, while the page is open; null where there is none. */
export const companySignIn = { path: /** @type {string | null} */ (null) };

/** The project that questions are narrowed to, as JSON of its id and name; as long as the tab, so that nobody meets it again unawares. */
export const chosenProject = slot(() => sessionStorage, "firstmate.project");

/** Whether this page acts for somebody: the viewer on one's own machine changes nothing. */
export function mayManage() {
  return apiKey.get() !== null || signedIn.get() !== null;
}

/** @returns {{ name: string, rest: string } | null} the page named by the address, and what of it; null for conversations */
export function currentPage() {
  const match = /^#\/([a-z]{2,})(?:\/(.+))?$/.exec(location.hash);
  return match?.[1] ? { name: match[1], rest: decoded(match[2] ?? "") ?? "" } : null;
}

/** @returns {string | null} the conversation named by the address */
export function currentConversation() {
  const match = /^#\/c\/(.+)$/.exec(location.hash);
  return match?.[1] ? decoded(match[1]) : null;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
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
