import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../errors.ts";

const words = z.string().min(1);

/** A figure: a number, or a truth worked out from the simulated company's records, such as "cloud_cost(last month)". */
const figure = z.union([z.number(), words]);

const claims = z.strictObject({
  /** Each is told, in the text or in a table, rounded as shown. */
  figures: z.array(figure).optional(),
  /** Patterns without regard to case; "{…}" holds a truth. */
  says: z.array(words).optional(),
});

const expected = claims.extend({
  /** The period the answer is about, by its name: its first and last day stand in a receipt. */
  window: words.optional(),
  /** none: nothing can be known, so no figure may be told. asks: it asks back. */
  answer: z.enum(["none", "asks"]).optional(),
  /** Every receipt says so. */
  status: z.enum(["live", "stale", "demo"]).optional(),
});

const caseSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words with dashes"),
  /** Phrasings of one question; each is asked in a conversation of its own. */
  ask: z.array(words).min(1),
  /** What was asked before, in the same conversation. */
  after: words.optional(),
  expect: expected,
  /** In the text alone: a table may show a figure that is not the answer. */
  forbid: claims.default({}),
  /** Tools it may use; any when absent. */
  tools: z.array(words).optional(),
  limit: z.strictObject({ seconds: z.number().positive().default(30), calls: z.number().int().default(4) }).prefault({}),
  /** What a scripted model does: its calls, and then its words ("{result}" is the beginning of what the first call gave). */
  script: z
    .strictObject({
      calls: z.array(z.strictObject({ name: words, input: z.record(z.string(), z.unknown()).default({}) })),
      say: words.default("{result}"),
    })
    .optional(),
  /** Only these are asked. */
  agents: z.array(z.enum(["deterministic", "scripted", "model"])).optional(),
  /** Why it is not asked. */
  skip: words.optional(),
});

const fileSchema = z.strictObject({
  about: words,
  /** demo: the simulated company. empty: nothing is connected. Or files, by their names. */
  world: z.union([z.literal("demo"), z.literal("empty"), z.record(z.string().regex(/^[\w.-]+$/), z.string())]),
  /** Settings beside the world's own. */
  settings: z.record(z.string(), z.string()).default({}),
  cases: z.array(caseSchema).min(1),
});

export type EvalCase = z.output<typeof caseSchema>;
export type EvalFile = z.output<typeof fileSchema> & { name: string };

/** The case files of a folder, by name. Throws UserError for an unreadable or empty folder, a file of another shape, or an id used twice. */
export async function loadCases(folder: string): Promise<EvalFile[]> {
  const names = await readdir(folder).catch(() => {
    throw new UserError(`There is no folder ${folder}. Name one that holds cases, as eval/*.yaml.`);
  });
  const wanted = names.filter((name) => name.endsWith(".yaml")).sort();
  const files = await Promise.all(wanted.map(async (name) => readCases(name, await readFile(join(folder, name), "utf8"))));
  const seen = new Set<string>();
  for (const { id } of files.flatMap(({ cases }) => cases)) {
    if (seen.has(id)) throw new UserError(`Two cases are called “${id}”. Give each a name of its own.`);
    seen.add(id);
  }
  return files;
}

/** One file. Throws UserError that names what is wrong in it. */
export function readCases(name: string, text: string): EvalFile {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new UserError(`${name} is no YAML: ${error instanceof Error ? error.message.split("\n")[0] : ""}`);
  }
  const read = fileSchema.safeParse(content);
  if (read.success) return { ...read.data, name: name.replace(/\.yaml$/, "") };
  const problems = read.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UserError(`${name} is no list of cases. ${problems.join("; ")}.`);
}
