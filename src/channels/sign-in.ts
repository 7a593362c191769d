/** Words that ask for the console's one-time link, and nothing else; as a command "/login" or "/firstmate login". */
export function wantsSignIn(words: string): boolean {
  return /^\/?(?:please\s+)?(?:login|(?:(?:sign|log)(?:\s+me)?\s+in)(?:\s+to\s+(?:the\s+)?(?:web\s+)?console)?)\s*[.!?]*$/i.test(
    words.trim(),
  );
}

/** Told beside the link. */
export const LINK_TERMS = "It works once, for ten minutes, and for you alone. Do not pass it on.";
