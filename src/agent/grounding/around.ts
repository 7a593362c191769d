export type Hedge = "" | "about" | "over" | "under";

const ABOUT =
  /(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.|some|close to|near|or so|etwa|rund|environ|unos|unas)|[~≈∼])\s*(?:the\s|a\s)?$/i;

const OVER =
  /(?:\b(?:over|more than|above|at least|upwards of|north of|exceed(?:s|ed|ing)?|beyond|just over|min(?:imum)?|mehr als|über)|[>≥])\s*(?:a\s)?$/i;

const UNDER =
  /(?:\b(?:under|nearly|almost|just under|just short of|less than|below|at most|up to|fewer than|short of|max(?:imum)?|fast|knapp)|[<≤])\s*(?:a\s)?$/i;

export function hedgeOf(before: string): Hedge {
  const lead = before.replace(/[*_`(]+$/, "");
  if (ABOUT.test(lead)) return "about";
  if (OVER.test(lead)) return "over";
  return UNDER.test(lead) ? "under" : "";
}

/** Words that stand between a count and what it counts. */
const BETWEEN =
  /^(?:[*_`]*\s+(?:of|the|these|those|other|more|further|different|largest|biggest|top|our|your|all|new|open|\p{Ll}{3,}ed|\p{Lu}[\p{Lu}\d]+)(?=\s))*[*_`]*[\s-]+([\p{L}][\p{L}-]{2,})/u;

export function nounAfter(text: string, end: number): string {
  return BETWEEN.exec(text.slice(end, end + 60))?.[1]?.toLowerCase() ?? "";
}
