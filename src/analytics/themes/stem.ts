const VOWEL = /[aeiouyà-öø-ÿ]/;

/**
 * One form for the forms of a word: plural endings (the S-stemmer: D. Harman, How effective is suffixing?, JASIS 42, 1991), then -ed, -ing
 * and a last -e where four letters with a vowel are left, then a doubled consonant. Light on purpose: it joins "bookings", "booked" and
 * "book" and leaves words of other scripts as they are. Expects lower case. The result is a key, not a word to show.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-zà-öø-ÿ]+$/.test(word)) return word;
  const single = withoutPlural(word);
  const bare = /(?:ing|ed)$/.test(single) ? single.replace(/(?:ing|ed)$/, "") : single;
  const long = bare.length >= 3 && VOWEL.test(bare) ? bare : single;
  const undoubled = long !== single ? long.replace(/([bdgmnprt])\1$/, "$1") : long;
  return undoubled.length > 3 && undoubled.endsWith("e") ? undoubled.slice(0, -1) : undoubled;
}

function withoutPlural(word: string): string {
  if (word.endsWith("ies") && !/[ae]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith("es") && !/[aeo]es$/.test(word)) return word.slice(0, -1);
  if (word.endsWith("s") && !/(?:us|ss|is)$/.test(word)) return word.slice(0, -1);
  return word;
}
