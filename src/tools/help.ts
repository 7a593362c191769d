import { z } from "zod";
import { FEED_KINDS, type FeedKind } from "../core/feed.ts";
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
  command: { name: "help", hint: "[TOOL | all]" },
  input: z.strictObject({ tool: z.string().max(60).optional().describe("A tool or command to explain, or “all” to list every one.") }),

  async run(input, context): Promise<Finding> {
    if (input.tool === undefined) return overview(context);
    return input.tool.trim().toLowerCase() === "all" ? everything(context.tools) : explain(input.tool, context.tools);
  },
});

/** One screen of a phone: what most people ask first, of each kind of source there is. */
function overview(context: ToolContext): Finding {
  const first = firstTools(context);
  const rows = first.map((t) => [t.title, exampleOf(t), commandOf(t)]);
  const more = context.tools.filter((t) => t.name !== "help" && t.command && !first.includes(t)).map((t) => `\`${commandOf(t)}\``);
  const connected =
    context.feeds.length === 0
      ? "Nothing is connected yet: set DATASETS, or run the demo."
      : `Connected: ${listWords(context.feeds.map((f) => f.name))}.`;
  const text = `I answer questions about what your engineering costs and delivers, with the figures, where they come from, and a chart where it helps. Ask in plain words or by a command. ${connected}`;
  const rest = `${more.length > 0 ? `More commands: ${more.join(" ")}\n\n` : ""}\`/help TOOL\` explains one, \`/help all\` lists every one with an example.`;
  return {
    content: `${text}\n\n${context.tools.map((t) => `- ${t.name}: ${t.description}`).join("\n")}`,
    data: {
      tools: context.tools.map((t) => ({ name: t.name, title: t.title, command: t.command?.name, examples: t.examples.slice(0, 3) })),
    },
    blocks: [
      { type: "markdown", text },
      { type: "table", columns: textColumns("what", "ask for example", "command"), rows },
      { type: "markdown", text: rest },
    ],
    receipts: [],
    suggestions: context.feeds.some((f) => f.kind === "costs")
      ? ["Which services make up 80% of our cloud cost?", "How much did we spend last month?", "Show daily cost for the last 30 days"]
      : ["What datasets are there?"],
  };
}

/** Those asked for most, and of each connected kind of source the first that reads it. Metrics may be anything: no tool is for them all. */
function firstTools({ tools, feeds }: ToolContext): Tool[] {
  const kinds: ReadonlySet<FeedKind> = new Set(feeds.map(({ kind }) => kind).filter((kind) => kind !== "metrics"));
  const firstOf = FEED_KINDS.filter((kind) => kinds.has(kind)).map((kind) => tools.find(({ reads }) => [reads].flat().includes(kind)));
  return tools.filter((tool) => tool.always || firstOf.includes(tool));
}

function everything(tools: readonly Tool[]): Finding {
  const listed = tools.filter((t) => t.name !== "help");
  const text = `**All ${listed.length} tools.** \`/help TOOL\` explains one with all it takes.`;
  return {
    content: `${text}\n\n${listed.map((t) => `- ${t.name}: ${t.description}`).join("\n")}`,
    blocks: [
      { type: "markdown", text },
      {
        type: "table",
        columns: textColumns("what", "when", "ask for example", "command"),
        rows: listed.map((t) => [t.title, firstSentence(t.description), exampleOf(t), commandOf(t)]),
      },
    ],
    receipts: [],
  };
}

function textColumns(...labels: string[]) {
  return labels.map((label) => ({ label, type: "text" as const }));
}

function exampleOf(tool: Tool): string {
  return tool.examples.find((example) => !example.includes("{")) ?? "";
}

function commandOf({ command }: Tool): string {
  return command ? `/${command.name}` : "";
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
  const about = (description: string) => `**${tool.title}.** ${description}${command}\n\nIt takes:\n${fields.join("\n")}`;
  return {
    content: about(tool.description),
    blocks: [{ type: "markdown", text: about(forPeople(tool.description, tools)) }],
    receipts: [],
    suggestions: tool.examples.filter((e) => !e.includes("{")).slice(0, 3),
  };
}

/** Descriptions send a model to other tools by their names; people know those by command or title. */
function forPeople(description: string, tools: readonly Tool[]): string {
  const others = tools.filter(({ name }) => name.includes("_"));
  return others.reduce((text, tool) => text.replaceAll(new RegExp(`\\b${tool.name}\\b`, "g"), commandOf(tool) || tool.title), description);
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
