/** A fenced block of a markdown page. */
export interface CodeBlock {
  language: string;
  /** What stands after the language: "not-run". */
  mark: string;
  /** The last heading of the second level before it. */
  heading: string;
  code: string;
}

export function blocksOf(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = "";
  for (const [, title, language = "", mark = "", code = ""] of markdown.matchAll(/^## (.+)$|^```(\w+) ?([^\n]*)\n([\s\S]*?)^```$/gm))
    if (title !== undefined) heading = title;
    else blocks.push({ language, mark, heading, code: code.trimEnd() });
  return blocks;
}
