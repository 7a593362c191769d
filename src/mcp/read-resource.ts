import type { Resource, ResourceTemplateType } from "@modelcontextprotocol/server";
import { closest, cut, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import type { McpResource } from "./world.ts";

const SCHEME = "firstmate://";

export function toResource({ name, title, description }: McpResource): Resource {
  return { uri: `${SCHEME}${name}`, name, title, description, mimeType: "application/json" };
}

/** The same with its parameters; undefined where it has none. */
export function toTemplate({ name, title, description, parameters }: McpResource): ResourceTemplateType | undefined {
  if (parameters.length === 0) return undefined;
  const said = parameters.map((p) => `${p.name}: ${p.description}`).join(" ");
  return {
    uriTemplate: `${SCHEME}${name}{?${parameters.map((p) => p.name).join(",")}}`,
    name,
    title,
    description: `${description} ${said}`,
    mimeType: "application/json",
  };
}

/** The text of what an address names. Throws UserError for an address or a parameter there is not. */
export async function readResource(uri: string, resources: readonly McpResource[], context: ToolContext): Promise<string> {
  const { name, parameters } = readAddress(uri);
  const resource = resources.find((r) => r.name === name);
  if (!resource) throw unknownResource(uri, resources);
  const known = resource.parameters.map((p) => p.name);
  for (const parameter of parameters.keys()) {
    if (known.includes(parameter)) continue;
    const near = closest(parameter, known);
    throw new UserError(
      `${name} has no parameter “${cut(parameter, 60)}”.${near ? ` Did you mean “${near}”?` : ` It has ${listWords(known, 20) || "none"}.`}`,
    );
  }
  return JSON.stringify(await resource.read(Object.fromEntries(parameters), context), null, 2);
}

function readAddress(uri: string): { name: string; parameters: URLSearchParams } {
  const [path = "", query = ""] = uri.startsWith(SCHEME) ? uri.slice(SCHEME.length).split("?", 2) : [];
  return { name: path.replace(/\/$/, ""), parameters: new URLSearchParams(query) };
}

function unknownResource(uri: string, resources: readonly McpResource[]): UserError {
  const addresses = resources.map((r) => `${SCHEME}${r.name}`);
  const near = closest(uri.split("?")[0] ?? "", addresses);
  return new UserError(`There is nothing at “${cut(uri, 120)}”.${near ? ` Did you mean ${near}?` : " resources/list says what there is."}`);
}
