import type { Receipt } from "../../core/fact.ts";
import { formatInstant } from "../../core/format.ts";
import type { Block, ChartBlock, KpisBlock, Reply, TableBlock } from "../../core/reply.ts";
import { cut } from "../../core/text.ts";
import { cellText, cleanMarkdown, escapeHtml, harmless, inlineHtml, isNumber, plainText } from "./words.ts";

/** A final reply as a mail: a subject that says the point, one narrow column of HTML, and the same as plain text. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

const MOST = { subject: 110, rows: 25, columns: 6, cell: 80, receipts: 10, query: 160 } as const;
const INK = { text: "#1a1a1a", quiet: "#5f6368", line: "#e0e0e0", good: "#1a7f37", bad: "#b3261e" } as const;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** `pictureOf` gives the content id of a chart that goes along; undefined leaves its words. `to` is named at the foot. */
export function renderMail(reply: Reply, to: string, pictureOf: (chart: ChartBlock) => string | undefined): RenderedMail {
  const { receipts = [], blocks = [], notice } = reply;
  const text = cleanMarkdown(reply.text, receipts);
  const foot = `Sent by Firstmate to ${to}.`;
  return {
    subject: subjectOf(text),
    html: page([
      textHtml(text),
      ...blocks.map((block) => blockHtml(block, receipts, pictureOf)),
      ...(notice ? [small(escapeHtml(harmless(notice)))] : []),
      ...receiptsHtml(receipts),
      small(escapeHtml(foot)),
    ]),
    text: [
      plainText(text),
      ...blocks.map((block) => blockText(block, receipts)),
      ...(notice ? [harmless(notice)] : []),
      receiptsText(receipts),
      `-- \n${foot}`,
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** The heading with its figure: what is read in a list of mails on a phone. */
function subjectOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const heading = lines.find((line) => line.startsWith("**")) ?? lines[0] ?? "";
  return cut(harmless(plainText(heading.replace(/^#+ /, ""))), MOST.subject) || "Firstmate";
}

function page(parts: readonly string[]): string {
  const style = `max-width:600px;margin:0 auto;padding:12px;${FONT};font-size:15px;line-height:1.45;color:${INK.text}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"></head><body style="margin:0;background:#ffffff"><div style="${style}">${parts.filter(Boolean).join("\n")}</div></body></html>`;
}

/** Paragraphs and lists; the first heading is larger. */
function textHtml(text: string): string {
  const out: string[] = [];
  let items: string[] = [];
  const close = () => {
    if (items.length > 0) out.push(`<ul style="margin:8px 0;padding-left:20px">${items.join("")}</ul>`);
    items = [];
  };
  let headings = 0;
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const item = /^\s*[-*] (.*)$/.exec(line)?.[1];
    if (item !== undefined) {
      items.push(`<li style="margin:4px 0">${inlineHtml(item)}</li>`);
      continue;
    }
    close();
    const isHeading = /^(\*\*|#+ )/.test(line);
    if (isHeading) headings += 1;
    const size = isHeading && headings === 1 ? "font-size:18px;" : "";
    out.push(`<p style="${size}margin:8px 0">${inlineHtml(line.replace(/^#+ /, ""))}</p>`);
  }
  close();
  return out.join("\n");
}

function blockHtml(block: Block, receipts: readonly Receipt[], pictureOf: (chart: ChartBlock) => string | undefined): string {
  switch (block.type) {
    case "markdown":
      return textHtml(cleanMarkdown(block.text, receipts));
    case "table":
      return tableHtml(block);
    case "kpis":
      return kpisHtml(block);
    case "chart": {
      const alt = escapeHtml(harmless(block.alt));
      const cid = pictureOf(block);
      if (cid === undefined) return `<p style="margin:8px 0">${alt}</p>`;
      return `<img src="cid:${cid}" alt="${alt}" width="576" style="display:block;width:100%;max-width:576px;height:auto;margin:12px 0;border:0">`;
    }
    case "progress":
      return small(`${escapeHtml(harmless(block.label))}: ${block.done}${block.total ? ` of ${block.total}` : ""}`);
    case "approval":
      return `<p style="margin:8px 0">${[block.title, ...block.lines].map((line) => escapeHtml(harmless(line))).join("<br>")}</p>`;
  }
}

function tableHtml({ title, columns, rows }: TableBlock): string {
  const shown = columns.slice(0, MOST.columns);
  const cell = (tag: "td" | "th", content: string, i: number) => {
    const column = shown[i];
    const align = column && isNumber(column) ? "right" : "left";
    const weight = tag === "th" ? `font-weight:600;color:${INK.quiet};` : "";
    return `<${tag} align="${align}" style="${weight}padding:4px 8px 4px 0;border-bottom:1px solid ${INK.line};vertical-align:top">${escapeHtml(cut(content, MOST.cell))}</${tag}>`;
  };
  const head = shown.map(({ label }, i) => cell("th", harmless(label), i)).join("");
  const body = rows
    .slice(0, MOST.rows)
    .map((row) => `<tr>${shown.map((column, i) => cell("td", cellText(row[i] ?? null, column), i)).join("")}</tr>`)
    .join("\n");
  const caption = title ? `<p style="margin:16px 0 4px;font-weight:600">${escapeHtml(harmless(title))}</p>` : "";
  return `${caption}<div style="overflow-x:auto"><table role="table" cellspacing="0" cellpadding="0" style="border-collapse:collapse;font-size:13px;width:100%"><tr>${head}</tr>\n${body}</table></div>${small(leftOut(columns.length, rows.length))}`;
}

function leftOut(columns: number, rows: number): string {
  const parts = [
    ...(rows > MOST.rows ? [`${rows - MOST.rows} more rows`] : []),
    ...(columns > MOST.columns ? [`${columns - MOST.columns} more columns`] : []),
  ];
  return parts.length > 0 ? `${parts.join(" and ")}: ask for them in the chat.` : "";
}

function kpisHtml({ items }: KpisBlock): string {
  const color = { good: INK.good, bad: INK.bad, neutral: INK.text } as const;
  const cells = items.map(
    ({ label, value, change, tone = "neutral" }) =>
      `<div style="display:inline-block;min-width:120px;margin:8px 16px 0 0;vertical-align:top"><div style="font-size:12px;color:${INK.quiet}">${escapeHtml(harmless(label))}</div><div style="font-size:18px;font-weight:600;color:${color[tone]}">${escapeHtml(harmless(value))}</div>${change ? `<div style="font-size:12px;color:${INK.quiet}">${escapeHtml(harmless(change))}</div>` : ""}</div>`,
  );
  return `<div>${cells.join("")}</div>`;
}

function small(content: string): string {
  return content ? `<p style="margin:8px 0;font-size:12px;color:${INK.quiet}">${content}</p>` : "";
}

function receiptLine({ source, query, status, provisional, truncated, outage, fetchedAt, notes = [] }: Receipt): string {
  const more = [status, outage, provisional ? `provisional ${provisional}` : undefined, truncated, ...notes].filter(Boolean).join(", ");
  return harmless(`${source}: ${cut(query, MOST.query)} (${more}; read ${formatInstant(fetchedAt)})`);
}

function receiptLines(receipts: readonly Receipt[]): string[] {
  const rest = receipts.length - MOST.receipts;
  return [...receipts.slice(0, MOST.receipts).map(receiptLine), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** A line for each source; each question of it stands in the plain text. */
function receiptsHtml(receipts: readonly Receipt[]): string[] {
  const sources = [...new Set(receipts.map(({ source }) => source))];
  const lines = sources.map((source) => {
    const own = receipts.filter((receipt) => receipt.source === source);
    const said = own.flatMap(({ status, outage, provisional }) => [status, outage, provisional ? `provisional ${provisional}` : undefined]);
    const read = formatInstant(new Date(Math.max(...own.map(({ fetchedAt }) => fetchedAt.getTime()))));
    return escapeHtml(harmless(`${source} (${[...new Set(said)].filter(Boolean).join(", ")}; read ${read})`));
  });
  return lines.length > 0 ? [small(`Where the figures come from:<br>${lines.join("<br>")}`)] : [];
}

function receiptsText(receipts: readonly Receipt[]): string {
  return receipts.length > 0 ? ["Where the figures come from:", ...receiptLines(receipts).map((line) => `  ${line}`)].join("\n") : "";
}

function blockText(block: Block, receipts: readonly Receipt[]): string {
  switch (block.type) {
    case "markdown":
      return plainText(cleanMarkdown(block.text, receipts));
    case "table":
      return tableText(block);
    case "kpis":
      return block.items
        .map(({ label, value, change }) => `${harmless(label)}: ${harmless(value)}${change ? ` (${harmless(change)})` : ""}`)
        .join("\n");
    case "chart":
      return `Chart: ${harmless(block.alt)}`;
    case "progress":
      return `${harmless(block.label)}: ${block.done}${block.total ? ` of ${block.total}` : ""}`;
    case "approval":
      return [block.title, ...block.lines].map(harmless).join("\n");
  }
}

function tableText({ title, columns, rows }: TableBlock): string {
  const lines = rows.slice(0, MOST.rows).map((row) => columns.map((column, i) => cellText(row[i] ?? null, column)).join(" | "));
  const rest = rows.length > MOST.rows ? [`… and ${rows.length - MOST.rows} more rows`] : [];
  return [...(title ? [harmless(title)] : []), columns.map(({ label }) => harmless(label)).join(" | "), ...lines, ...rest].join("\n");
}
