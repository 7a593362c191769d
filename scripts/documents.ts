import { readFileSync } from "node:fs";
import { z } from "zod";
import { readFigures, withFigures } from "../bench/figures.ts";
import { channelKinds } from "../src/channels/index.ts";
import { describeSettings, type SettingDescription } from "../src/config/index.ts";
import { coreSettings } from "../src/config/settings.ts";
import type { Tool } from "../src/core/tool.ts";
import { integrations } from "../src/integrations/index.ts";
import { commands } from "../src/main.ts";
import { tools } from "../src/tools/index.ts";
import { authorizationReference } from "./authorization.ts";

/** Documents made from the definitions; a test fails when one is stale. */
export function documents(): { path: string; content: string }[] {
  return [
    { path: ".env.example", content: envExample() },
    { path: "docs/reference/tools.md", content: toolReference(tools) },
    { path: "docs/reference/settings.md", content: settingsReference() },
    { path: "docs/reference/commands.md", content: commandReference() },
    { path: "docs/reference/authorization.md", content: authorizationReference(GENERATED, tools) },
    ...["README.md", "docs/bench.md", "docs/scale.md"].map(measured),
  ];
}

/** Only its tables of figures are made. */
function measured(path: string): { path: string; content: string } {
  return { path, content: withFigures(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"), readFigures()) };
}

const GENERATED = "Made by `npm run docs` from the definitions in the code; do not edit.";

interface Group {
  title: string;
  settings: SettingDescription[];
}

function groups(): Group[] {
  return [
    { title: "Firstmate", settings: describeSettings(coreSettings) },
    ...[...integrations, ...channelKinds].map((integration) => ({
      title: `${integration.title} (on when ${integration.requires.join(" and ")} is set)`,
      settings: describeSettings(integration.settings),
    })),
  ];
}

function envExample(): string {
  const lines = groups().flatMap(({ title, settings }) => [
    `# ${title}`,
    "",
    ...settings.flatMap((s) => [
      `# ${s.description}${s.secret ? ` A secret: ${s.name}_FILE may name a file that holds it.` : ""}`,
      `# ${s.name}=${s.defaultValue ?? ""}`,
      "",
    ]),
  ]);
  return [
    "# All settings, each with its default. The same names work in firstmate.yaml; the environment wins.",
    `# ${GENERATED.replaceAll("`", "")}`,
    "",
    ...lines,
  ].join("\n");
}

function settingsReference(): string {
  const sections = groups().map(({ title, settings }) =>
    [
      `## ${title}`,
      "",
      "| setting | default | what it does |",
      "|---|---|---|",
      ...settings.map(
        (s) =>
          `| \`${s.name}\` | ${s.defaultValue === undefined ? "" : `\`${s.defaultValue}\``} | ${s.description}${s.secret ? " (secret)" : ""} |`,
      ),
    ].join("\n"),
  );
  return `# Settings\n\n${GENERATED}\n\nSet them in the environment or in \`firstmate.yaml\` in the working folder; the environment wins. Any setting may come from a file named by \`NAME_FILE\`.\n\n${sections.join("\n\n")}\n`;
}

function toolReference(all: readonly Tool[]): string {
  const sections = all.map((tool) => {
    const fields = Object.entries(tool.input.shape).map(
      ([name, type]) => `| \`${name}\` | ${typeOf(type as z.ZodType)} | ${(type as z.ZodType).description ?? ""} |`,
    );
    const examples = tool.examples.filter((e) => !e.includes("{")).map((e) => `- ${e}`);
    const doors = [
      `\`POST /api/v1/tools/${tool.name}\``,
      ...(tool.command ? [`\`/${tool.command.name} ${tool.command.hint}\``] : []),
      ...(tool.name === "help" ? [] : [`\`firstmate ${tool.name.replaceAll("_", "-")}\``]),
    ];
    return [
      `## ${tool.name}`,
      "",
      tool.description,
      "",
      `Doors: ${doors.join(" · ")}. Effect: ${tool.effect}. Role: ${tool.role}.`,
      "",
      "| field | type | meaning |",
      "|---|---|---|",
      ...fields,
      "",
      "Asked like this:",
      "",
      ...examples,
    ].join("\n");
  });
  return `# Tools\n\n${GENERATED}\n\n${sections.join("\n\n")}\n`;
}

function commandReference(): string {
  const sections = commands.map((c) =>
    [
      `## ${c.name}`,
      "",
      `\`firstmate ${c.name} ${c.usage}\``.replace(" `", "`"),
      "",
      `${c.summary}.`,
      ...(c.details ?? []).map((d) => `\n    ${d}`),
    ].join("\n"),
  );
  return `# Commands\n\n${GENERATED}\n\nIn the checkout: \`npm run -s firstmate -- COMMAND\`. Exit status 0 is good, 1 failed, 2 wrong use.\n\n${sections.join("\n\n")}\n`;
}

function typeOf(type: z.ZodType): string {
  const schema = z.toJSONSchema(type, { io: "input" }) as {
    type?: string;
    enum?: unknown[];
    anyOf?: { type?: string; enum?: unknown[] }[];
  };
  const one = (s: { type?: string; enum?: unknown[] }) => (s.enum ? s.enum.map((v) => `\`${String(v)}\``).join(", ") : (s.type ?? "any"));
  return (schema.anyOf ? schema.anyOf.map(one).join(" or ") : one(schema)).replaceAll("|", "/");
}
