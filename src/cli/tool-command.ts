import type { z } from "zod";
import { renderText } from "../channels/terminal/render.ts";
import type { Tool } from "../core/tool.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

/** A tool as a command: each input field is an option. `--by service --period "last month" --filter region=us-east-1`. */
export function toolCommand(tool: Tool): Command {
  const fields = Object.keys(tool.input.shape);
  return {
    name: tool.name.replaceAll("_", "-"),
    usage: `${fields.map((f) => `[--${f} …]`).join(" ")} [--json] [--demo]`,
    summary: tool.title,
    details: [tool.description, ...fields.map((f) => `--${f.padEnd(10)} ${describe(tool.input.shape[f] as z.ZodType)}`)],
    async run(args, world) {
      const options = Object.fromEntries(fields.map((f) => [f, { type: "string" as const, multiple: true }]));
      const { values } = readArguments(args, { ...options, json: { type: "boolean" }, demo: { type: "boolean" } });
      const texts = values as Readonly<Record<string, string[] | boolean | undefined>>;
      const given = Object.fromEntries(
        fields.flatMap((f) => {
          const said = texts[f];
          return Array.isArray(said) ? [[f, readValue(tool, f, said)]] : [];
        }),
      );
      const parsed = tool.input.safeParse(given);
      if (!parsed.success) throw new WrongUse(parsed.error.issues.map((i) => `--${i.path.join(".")} ${i.message}`).join("; "));
      const app = await world.open({ demo: values.demo === true });
      try {
        const finding = await tool.run(parsed.data, app.toolContext(app.localUser, world.stop));
        const [first, ...blocks] = finding.blocks;
        world.out(
          values.json
            ? JSON.stringify({ content: finding.content, data: finding.data ?? null, receipts: finding.receipts }, null, 2)
            : renderText(
                { text: first?.type === "markdown" ? first.text : "", blocks, receipts: finding.receipts, final: true },
                { receipts: true },
              ),
        );
        return 0;
      } finally {
        await app.close();
      }
    },
  };
}

function describe(type: z.ZodType): string {
  return type.description ?? "";
}

/** The text of an option as the field wants it: JSON, a number, key=value pairs, or as it stands. */
function readValue(tool: Tool, field: string, texts: readonly string[]): unknown {
  const text = texts.at(-1) ?? "";
  const pairs = texts.map((t) => /^([^=]+)=(.*)$/s.exec(t));
  const json = /^[[{]/.test(text) ? parseJson(text) : undefined;
  const candidates = [
    // Said several times, all of it is meant.
    ...(texts.length > 1 ? [texts] : []),
    ...(json === undefined ? [] : [json]),
    ...(text.includes(",") ? [text.split(",").map((part) => part.trim())] : []),
    text,
    ...(/^-?\d+(?:\.\d+)?$/.test(text) ? [Number(text)] : []),
    ...(pairs.every((p) => p !== null) ? [collect(pairs.map((p) => [p?.[1] ?? "", p?.[2] ?? ""]))] : []),
    [text],
  ];
  return candidates.find((c) => tool.input.partial().safeParse({ [field]: c }).success) ?? text;
}

function collect(pairs: readonly (readonly [string, string])[] | string[][]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [key = "", value = ""] of pairs) values[key] = [...(values[key] ?? []), value];
  return values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
