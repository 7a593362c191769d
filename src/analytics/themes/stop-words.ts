/**
 * English words that say nothing of a topic: function words, courtesies of a letter, and words of time. What a language of its own repeats in
 * most texts is dropped by how often it stands there (`term-vectors.ts`), so no list is needed for it. Kept as they are written, before stemming.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a an the this that these those here there it its itself he she they them their theirs him his her hers we us our ours you your yours i me my mine one ones " +
    "and or but nor so if then than because while although though whether either neither both " +
    "of in on at by for with from to into onto out over under up down off about between through during before after above below again against within without per via upon as like " +
    "is am are was were be been being do does did doing done have has had having can could shall should will would may might must cannot " +
    "isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't haven't hasn't hadn't i'm i've i'd it's we're we've they're you're that's there's " +
    "not no yes none only just very too also even still already ever never always often sometimes more most much many less least few several some any each every all other another such same own " +
    "who whom whose which what when where why how " +
    "please thanks thank hello hi dear regards best greetings kind sincerely sorry team support help ask tell say says said know let get gets got getting go goes went going come comes came make makes made take takes took look want need try tried use used using " +
    "now today yesterday tomorrow morning evening night day days week weeks month months year years hour hours minute minutes second seconds time times moment since until ago last next first later soon once twice " +
    "monday tuesday wednesday thursday friday saturday sunday " +
    "nobody somebody anybody everybody someone anyone everyone nothing something anything everything two three four five six seven eight nine ten half really quite well back away"
  ).split(" "),
);
