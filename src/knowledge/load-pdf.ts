import { cleanText } from "./clean.ts";
import { nameAsTitle } from "./load-markdown.ts";
import { type LoadedDocument, Unreadable } from "./sources.ts";

/** A PDF page by page, so that answers can name the page. Throws Unreadable for one that is locked, broken, or only pictures. */
export async function loadPdf(bytes: Buffer, name: string): Promise<LoadedDocument> {
  const { PDFLoader } = await import("@langchain/community/document_loaders/fs/pdf");
  let pages: Awaited<ReturnType<InstanceType<typeof PDFLoader>["load"]>>;
  try {
    pages = await new PDFLoader(new Blob([new Uint8Array(bytes)])).load();
  } catch (error) {
    throw new Unreadable(reasonOf(error));
  }
  const sections = pages.flatMap(({ pageContent, metadata }) => {
    const text = cleanText(withoutFooter(pageContent));
    const page = Number((metadata.loc as { pageNumber?: unknown } | undefined)?.pageNumber);
    return text ? [{ headings: [], text, ...(Number.isInteger(page) ? { page } : {}) }] : [];
  });
  if (sections.length === 0) throw new Unreadable("it has no text, only pictures: run text recognition over it and save it again");
  return { title: titleOf(pages[0]?.metadata) ?? nameAsTitle(name), sections };
}

/** The library ends each page with "-- 3 of 12 --". */
function withoutFooter(text: string): string {
  return text.replace(/\n*-- \d+ of \d+ --\s*$/, "");
}

function titleOf(metadata: Record<string, unknown> | undefined): string | undefined {
  const info = (metadata?.pdf as { info?: { Title?: unknown } } | undefined)?.info;
  const title = typeof info?.Title === "string" ? cleanText(info.Title).replace(/\s+/g, " ") : "";
  return title.length >= 4 && title.length <= 200 && !/^untitled$|\.(?:docx?|pptx?|indd)$/i.test(title) ? title : undefined;
}

function reasonOf(error: unknown): string {
  const name = error instanceof Error ? `${error.name} ${error.message}` : "";
  return /password/i.test(name)
    ? "it is locked with a password: save a copy without one"
    : "it is not a readable PDF: open it and save it again";
}
