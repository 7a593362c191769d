import { toWireAnswer } from "../../src/api/wire-reply.ts";
import { renderMail } from "../../src/channels/email/render.ts";
import { renderText } from "../../src/channels/terminal/render.ts";
import { toCsv } from "../../src/core/csv.ts";
import type { Reply } from "../../src/core/reply.ts";
import { pageModule } from "../channels/console/page-module.ts";

/** Reply → what each place makes of it. A place of its own process (Slack, Teams, MCP) is in doors.test.ts. */
export type Sink = (reply: Reply) => string;

const NOW = new Date("2026-11-21T09:30:00Z");

interface Node {
  type: string;
  text?: string;
  href?: string;
  children?: Node[];
  items?: Node[][];
  head?: Node[][];
  rows?: Node[][][];
}

const { parseMarkdown } = await pageModule<{ parseMarkdown(text: string): Node[] }>("render/markdown.js");

/** The page builds elements by name from these nodes; text becomes text nodes. Only what a browser would act on is kept as markup. */
function html(nodes: readonly Node[]): string {
  return nodes.map(htmlOf).join("");
}

function htmlOf(node: Node): string {
  const inner = [...(node.children ?? []), ...(node.items ?? []).flat(), ...(node.head ?? []).flat(), ...(node.rows ?? []).flat(2)];
  const words = node.text === undefined ? "" : node.text.replace(/[<>&:./]/g, " ");
  return node.type === "link" ? `<a href="${node.href}">${html(inner)}</a>` : `${words}${html(inner)}`;
}

export const SINKS: Readonly<Record<string, Sink>> = {
  terminal: (reply) => renderText(reply, { receipts: true }),
  page: (reply) => html(parseMarkdown(reply.text)),
  email(reply) {
    const { subject, html: body, text } = renderMail(reply, "finance@example.com", () => "chart1@example.com");
    // Outside of HTML a bracket is a bracket.
    return [body, ...[subject, text].map((plain) => plain.replaceAll("<", "\u2039"))].join("\n");
  },
  rest: (reply) => JSON.stringify(toWireAnswer(reply, "signing", NOW)),
  csv: ({ blocks = [] }) =>
    blocks
      .flatMap((block) => (block.type === "table" ? [block] : []))
      .map(({ columns, rows }) => {
        const names = columns.map(({ label }) => label);
        return toCsv(
          names,
          rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i] ?? "", cell]))),
        );
      })
      .join("\n"),
};

/** The same places with their own guard taken out: each must be noticed. */
export const NAIVE: Readonly<Record<string, Sink>> = {
  terminal: ({ text, blocks = [] }) =>
    [text, ...blocks.flatMap((block) => (block.type === "table" ? block.rows.map((row) => row.join(" ")) : []))].join("\n"),
  email: ({ text }) => text,
  page: ({ text }) => text.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '<a href="$2">$1</a>'),
  csv: ({ blocks = [] }) => blocks.flatMap((block) => (block.type === "table" ? block.rows.map((row) => row.join(",")) : [])).join("\n"),
};
