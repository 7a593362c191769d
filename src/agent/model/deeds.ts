import type { Finding } from "../../core/tool.ts";

/**
 * A model does nothing by itself: a tool that writes only lays a card before a person. Words of it that claim a deed are therefore wrong
 * whatever the deed, and words that speak of a card are where none came. They stay, and what is true is said beside them.
 */

const ADVERBS = "(?:(?:just|now|also|already|successfully|gone ahead and|went ahead and) )*";
/** The model speaks of itself: what "we" did may be the company's. */
const ITSELF = `\\bI(?:['’]ve| have)? ?${ADVERBS}`;
const PLAIN =
  "(?:posted|sent|shared|scheduled|rescheduled|published|commented|archived|deleted|notified|e-?mailed|messaged|approved|merged)";
/** These are done to words and periods too. */
const OF_THINGS = "(?:created|opened|filed|raised|logged|updated|changed|moved|closed|assigned|set)";
const THING =
  "(?:issues?|tickets?|tasks?|bugs?|cards?|comments?|digests?|schedules?|budgets?|channels?|projects?|incidents?|alerts?|posts?)";

const CLAIMS: readonly RegExp[] = [
  new RegExp(`${ITSELF}${PLAIN}\\b`, "i"),
  new RegExp(`${ITSELF}${OF_THINGS}\\b[^.!?\\n]{0,60}\\b${THING}\\b`, "i"),
  /(?:^|[.!?]\s)\W*(?:(?:all )?done|approved|all set)\s*[:.!,–—]/im,
];

/** Said of a thing, it may be what a source tells: only an answer to a wish claims it. */
const CLAIMS_ON_WISH: readonly RegExp[] = [
  new RegExp(
    `\\b(?:${THING}|message|summary|change|request)\\b[^.!?\\n]{0,60}\\b(?:has been|have been|was|were|is now|are now) (?:successfully )?` +
      "(?:created|opened|filed|posted|sent|shared|scheduled|rescheduled|moved|changed|updated|saved|closed|deleted|approved)\\b",
    "i",
  ),
  /\b(?:waits?|waiting|awaits?|awaiting|pending|needs?)\b[^.!?\n]{0,40}\bapproval\b|\bapproval card\b/i,
];

const WISH =
  /\b(?:create|open|file|raise|post|send|share|tell|notify|schedule|reschedule|move|change|update|set|delete|remove|close|comment|assign|archive|write)\b/i;

/** What is to be said beside an answer that claims a deed; undefined where it claims none, or speaks of the card that there is. */
export function deniedDeed(answer: string, question: string, findings: readonly Finding[]): string | undefined {
  const hasCard = findings.some(({ blocks }) => blocks.some(({ type }) => type === "approval"));
  if (CLAIMS.some((claim) => claim.test(answer))) return hasCard ? WAITING : NOTHING;
  return !hasCard && WISH.test(question) && CLAIMS_ON_WISH.some((claim) => claim.test(answer)) ? NOTHING : undefined;
}

const WAITING = "Nothing has been done yet: the card waits for its approval.";
const NOTHING = "Nothing was created, changed or sent: there is no card to approve.";
