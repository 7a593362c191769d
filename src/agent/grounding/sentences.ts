/** Cuts a text into sentences and lines; joined they are the text again. The last may be unfinished. */
export function splitSentences(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/[.!?](?:["”’)*_]*)\s+|\n+/g)) {
    const end = match.index + match[0].length;
    if (!match[0].includes("\n") && isAbbreviation(text.slice(from, match.index + 1))) continue;
    parts.push(text.slice(from, end));
    from = end;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** "e.g.", "approx.", "No.", "1." at the head of a line, one letter, a German day: the sentence goes on. */
function isAbbreviation(words: string): boolean {
  return (
    /(?:^|[\s(])(?:e\.g|i\.e|approx|incl|excl|vs|etc|resp|ca|no|nr|z\.B|bzw|inc|ltd|corp|\p{L}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$/iu.test(
      words,
    ) || /(?:^|\s)\d{1,2}\.$/.test(words)
  );
}

/** Fills places with a sign that is neither word nor number, so that all other places stay. */
export function blank(text: string, places: readonly { start: number; end: number }[]): string {
  let clear = text;
  for (const { start, end } of places) clear = `${clear.slice(0, start)}${"¤".repeat(end - start)}${clear.slice(end)}`;
  return clear;
}

/** Addresses hold digits that state nothing. */
export function withoutLinks(text: string): string {
  return text.replace(/(?<=\])\([^)\s]*\)|https?:\/\/[^\s)>\]|]+/g, (link) => "¤".repeat(link.length));
}
