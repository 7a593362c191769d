import { z } from "zod";
import { closest, listWords } from "../core/text.ts";
import { defineTool, type Finding, type Tool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";

export const help = defineTool({
  name: "help",
  title: "Help",
  description:
    "Says what can be asked here, with examples from what is connected, or explains one tool. Use it when someone asks what you can do.",
  examples: [
    "help",
    "What can you do?",
    "What can I ask you?",
    "how do I use this",
    "show me the commands",
    "who are you",
    "what are you able to answer",
    "how does this work",
    "hello",
    "hi there",
    "what do you know",
    "what should I ask",
    "give me some examples",
    "get started",
    "what are you?",
    "how can you help me?",
    "which commands are there?",
    "what are your features?",
    "I am new here",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "help", hint: "[TOOL]" },
  input: z.strictObject({ tool: z.string().max(60).optional().describe("A tool or command to explain.") }),

  async run(input, context): Promise<Finding> {
    return input.tool === undefined ? overview(context) : explain(input.tool, context.tools);
  },
});

function overview(context: ToolContext): Finding {
  const rows = context.tools
    .filter((t) => t.name !== "help")
    .map((t) => [
      t.title,
      firstSentence(t.description),
      t.examples.find((e) => !e.includes("{")) ?? "",
      t.command ? `/${t.command.name}` : "",
    ]);
  const connected =
    context.feeds.length === 0
      ? "Nothing is connected yet: set DATASETS, or run the demo."
      : `Connected: ${listWords(context.feeds.map((f) => f.name))}.`;
  const text = `I answer questions about what your engineering costs and delivers, with the figures, where they come from, and a chart where it helps. Ask in plain words or by a command. ${connected}`;
  return {
    content: `${text}\n\n${context.tools.map((t) => `- ${t.name}: ${t.description}`).join("\n")}`,
    data: {
      tools: context.tools.map((t) => ({ name: t.name, title: t.title, command: t.command?.name, examples: t.examples.slice(0, 3) })),
    },
    blocks: [
      { type: "markdown", text },
      { type: "table", columns: ["what", "when", "ask for example", "command"].map((label) => ({ label, type: "text" as const })), rows },
    ],
    receipts: [],
    suggestions: context.feeds.some((f) => f.kind === "costs")
      ? ["Which services make up 80% of our cloud cost?", "How much did we spend last month?", "Show daily cost for the last 30 days"]
      : ["What datasets are there?"],
  };
}

function explain(wanted: string, tools: readonly Tool[]): Finding {
  const plain = wanted.toLowerCase().replace(/^\//, "").replace(/[\s-]/g, "_");
  const tool = tools.find((t) => t.name === plain || t.command?.name === plain || t.title.toLowerCase() === wanted.toLowerCase());
  if (!tool) {
    const near = closest(
      plain,
      tools.flatMap((t) => [t.name, ...(t.command ? [t.command.name] : [])]),
    );
    throw new UserError(
      `There is no tool “${wanted}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(
        tools.map((t) => t.name),
        20,
      )}.`,
      { path: "tool", suggestions: near ? [`help ${near}`] : [] },
    );
  }
  const fields = Object.entries(tool.input.shape).map(
    ([name, type]) => `- \`${name}\`: ${z.globalRegistry.get(type as z.ZodType)?.description ?? ""}`,
  );
  const command = tool.command ? `\n\nCommand: \`/${tool.command.name} ${tool.command.hint}\`` : "";
  const text = `**${tool.title}.** ${tool.description}${command}\n\nIt takes:\n${fields.join("\n")}`;
  return {
    content: text,
    blocks: [{ type: "markdown", text }],
    receipts: [],
    suggestions: tool.examples.filter((e) => !e.includes("{")).slice(0, 3),
  };
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
