import { cleanText } from "./clean.ts";
import type { LoadedDocument, Section } from "./sources.ts";

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
const FENCE = /^\s*(```|~~~)/;

/** Sections by heading; the first heading of the first level is the title. Headings inside code are code. */
export function loadMarkdown(text: string, name: string): LoadedDocument {
  const sections: Section[] = [];
  let title: string | undefined;
  let path: { level: number; heading: string }[] = [];
  let lines: string[] = [];
  let fenced = false;
  const close = () => {
    const body = cleanText(lines.join("\n"));
    if (body) sections.push({ headings: path.map((p) => p.heading), text: body });
    lines = [];
  };
  for (const line of withoutFrontMatter(cleanText(text)).split("\n")) {
    if (FENCE.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    if (!heading) {
      lines.push(line);
      continue;
    }
    close();
    const level = (heading[1] ?? "").length;
    const words = plain(heading[2] ?? "");
    if (level === 1 && title === undefined) {
      title = words;
      path = [];
    } else path = [...path.filter((p) => p.level < level), { level, heading: words }];
  }
  close();
  return { title: title ?? nameAsTitle(name), sections };
}

/** Plain text has no headings: one section. */
export function loadText(text: string, name: string): LoadedDocument {
  const body = cleanText(text);
  return { title: nameAsTitle(name), sections: body ? [{ headings: [], text: body }] : [] };
}

/** "goods-receipt_guide.pdf" → "goods receipt guide" */
export function nameAsTitle(name: string): string {
  const base = name.split("/").at(-1) ?? name;
  return base.replace(/\.[a-z]{2,8}$/i, "").replace(/[-_]+/g, " ");
}

function withoutFrontMatter(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---\n/, "");
}

function plain(heading: string): string {
  return heading.replace(/[*_`]+/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}
