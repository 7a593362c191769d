import type { Digest } from "../core/digest.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";
import { firstSentence } from "./ai-usage.ts";
import { chartOf, createParts, detailsOf, missingLine, tablesOf } from "./parts.ts";

/** Of any tools, in the order they were named: a line each, the first chart, and the tables in the thread. */
export const customDigest: Digest = {
  name: "custom",
  title: "Digest",
  summary: "Made of the tools you name: a line each, one chart, the tables in the thread.",
  schedule: "mondays at 9:00",

  async compose(order, context) {
    const wanted = order.parts ?? [];
    if (wanted.length === 0)
      throw new UserError('This digest is made of nothing. Name its tools: with get_costs by=service period="last week"; list_incidents.');
    const unknown = wanted.filter(({ tool }) => !context.tools.some(({ name, effect }) => name === tool && effect === "read"));
    if (unknown.length > 0)
      throw new UserError(`There is no tool ${listWords(unknown.map(({ tool }) => `“${tool}”`))} here. \`help\` shows the tools.`, {
        path: "parts",
      });
    const parts = createParts(context);
    const findings = await Promise.all(
      wanted.map(({ tool, input = {}, title = tool }) => {
        const narrowed =
          order.filter && !("filter" in input) && "filter" in (context.tools.find(({ name }) => name === tool)?.input.shape ?? {});
        return parts.ask(title, tool, narrowed ? { ...input, filter: order.filter } : input);
      }),
    );
    parts.requireAny("digest");
    const lines = findings.flatMap((finding, i) => {
      const title = wanted[i]?.title;
      return firstSentence(finding).map((line) => (title ? line.replace("- ", `- ${title}: `) : line));
    });
    const chart = findings.map(chartOf).find((found) => found !== undefined);
    return {
      reply: {
        text: [`**${order.title ?? customDigest.title}**`, ...lines, ...missingLine(parts)].join("\n"),
        ...(chart ? { blocks: [chart] } : {}),
        receipts: parts.receipts(),
        final: true,
      },
      details: detailsOf(parts, findings.flatMap(tablesOf)),
      quiet: false,
      calls: parts.calls(findings[0]),
    };
  },
};
