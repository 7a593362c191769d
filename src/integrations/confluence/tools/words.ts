import { cut, plainWords } from "../../../core/text.ts";

/** A person's words inside a sentence of ours: one line, no markup, at most so long. */
export function said(text: string, limit = 120): string {
  return cut(
    plainWords(text)
      .replace(/[|`*_<>[\]]/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
    limit,
  );
}

export function linked(title: string, url: string | undefined): string {
  return url ? `[${said(title)}](${url})` : said(title);
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
