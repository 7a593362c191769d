import { cleanText } from "./clean.ts";
import { nameAsTitle } from "./load-markdown.ts";
import { type LoadedDocument, type Section, Unreadable } from "./sources.ts";

/** A .docx by its headings. LangChain's own loader gives flat text, and a citation without a heading helps nobody. Throws Unreadable. */
export async function loadWord(bytes: Buffer, name: string): Promise<LoadedDocument> {
  if (bytes.subarray(0, 4).toString("hex") === "d0cf11e0")
    throw new Unreadable("it is an old .doc or has a password: save it as .docx without one");
  const { default: mammoth } = await import("mammoth");
  let html: string;
  try {
    const ignored = mammoth.images.imgElement(async () => ({ src: "" }));
    ({ value: html } = await mammoth.convertToHtml({ buffer: bytes }, { convertImage: ignored }));
  } catch {
    throw new Unreadable("it is not a readable Word file: open it in Word and save it again as .docx");
  }
  return sectionsOf(html, name);
}

const BLOCK = /<(h[1-6]|p|li|tr)\b[^>]*>([\s\S]*?)<\/\1>/gi;

/** mammoth writes flat, well-formed HTML: headings, paragraphs, list items and table rows. */
function sectionsOf(html: string, name: string): LoadedDocument {
  const sections: Section[] = [];
  let title: string | undefined;
  let path: { level: number; heading: string }[] = [];
  let lines: string[] = [];
  const close = () => {
    const text = cleanText(lines.join("\n"));
    if (text) sections.push({ headings: path.map((p) => p.heading), text });
    lines = [];
  };
  for (const [, tag = "", inner = ""] of html.matchAll(BLOCK)) {
    const words = textOf(inner);
    if (!words) continue;
    if (!/^h/i.test(tag)) {
      lines.push(tag.toLowerCase() === "li" ? `- ${words}` : words, ...(tag.toLowerCase() === "p" ? [""] : []));
      continue;
    }
    close();
    const level = Number(tag[1]);
    if (title === undefined && level === 1 && sections.length === 0) title = words;
    else path = [...path.filter((p) => p.level < level), { level, heading: words }];
  }
  close();
  return { title: title ?? nameAsTitle(name), sections };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

function textOf(html: string): string {
  return html
    .replace(/<\/t[dh]>/gi, " | ")
    .replace(/<br[^>]*>/gi, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replace(/\s+/g, " ")
    .replace(/\s*\|\s*$/, "")
    .trim();
}
