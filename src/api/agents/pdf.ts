/**
 * A report of text lines as a PDF 1.4 file: A4 upright, one of the fonts every reader has, as many pages as it takes.
 * Letters outside Latin-1 are shown as “?”, since that font has no others.
 */
export interface PdfLine {
  text: string;
  /**
   * heading: larger and bold. row: letters of one width, so that columns stand under each other. head and sum: the same in bold, above
   * and below a rule; a head is said again on each page that its rows go on to.
   */
  style?: "heading" | "row" | "head" | "sum";
}

const WIDTH = 595;
const HEIGHT = 842;
const MARGIN = 42;
const LEADING = 14;
const FONTS = { text: ["F1", 10], heading: ["F2", 14], row: ["F3", 8], head: ["F4", 8], sum: ["F4", 8] } as const;
const FOOT_SIZE = 8;

/** `foot` stands at the end of each page, with its number. */
export function toPdf(lines: readonly PdfLine[], title: string, foot = ""): Buffer {
  const pages = pagesOf(lines);
  const fonts = ["Helvetica", "Helvetica-Bold", "Courier", "Courier-Bold"].map(
    (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`,
  );
  const first = 3 + fonts.length + 1;
  const pageNumber = (i: number) => first + 2 * i;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages.map((_, i) => `${pageNumber(i)} 0 R`).join(" ")}] /Count ${pages.length} >>`,
    ...fonts,
    `<< /Title (${lettersOf(title)}) /Producer (Firstmate) >>`,
    ...pages.flatMap((page, i) => {
      const number = `${foot ? `${foot}  -  ` : ""}page ${i + 1} of ${pages.length}`;
      const end = `BT /F1 ${FOOT_SIZE} Tf ${MARGIN} ${MARGIN - LEADING} Td (${lettersOf(number)}) Tj ET`;
      const drawing = [...page.map((line, n) => draw(line, HEIGHT - MARGIN - (n + 1) * LEADING)), end].join("\n");
      const resources = `<< /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R /F4 6 0 R >> >>`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Resources ${resources} /Contents ${pageNumber(i) + 1} 0 R >>`,
        `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
      ];
    }),
  ];
  return assemble(objects);
}

function pagesOf(lines: readonly PdfLine[]): PdfLine[][] {
  const perPage = Math.floor((HEIGHT - 2 * MARGIN) / LEADING);
  const pages: PdfLine[][] = [[]];
  let head: PdfLine | undefined;
  for (const line of lines) {
    if (line.style === "head") head = line;
    else if (line.style !== "row" && line.style !== "sum") head = undefined;
    if ((pages.at(-1)?.length ?? 0) >= perPage) pages.push(head && line !== head ? [head] : []);
    pages.at(-1)?.push(line);
  }
  return pages;
}

function draw({ text, style }: PdfLine, y: number): string {
  const [font, size] = FONTS[style ?? "text"];
  const letters = `BT /${font} ${size} Tf ${MARGIN} ${y} Td (${lettersOf(text)}) Tj ET`;
  const rule = style === "head" ? y - 4 : style === "sum" ? y + LEADING - 4 : undefined;
  return rule === undefined ? letters : `${letters}\n0.5 w ${MARGIN} ${rule} m ${WIDTH - MARGIN} ${rule} l S`;
}

/** One byte a letter, with the three that mean something in a PDF text marked. */
function lettersOf(text: string): string {
  return text
    .replaceAll("–", "-")
    .replace(/[^\x20-\x7e\xa0-\xff]/gu, "?")
    .replace(/[\\()]/g, "\\$&");
}

/** The objects with the table of where each begins. */
function assemble(objects: readonly string[]): Buffer {
  let body = "%PDF-1.4\n";
  const starts = objects.map((object, i) => {
    const start = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const info = objects.findIndex((object) => object.includes("/Producer")) + 1;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${info} 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(`${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, "latin1");
}
