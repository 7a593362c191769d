import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "../../errors.ts";
import { folderOf } from "./files.ts";
import { type DatasetDescription, datasetsFile, type Source } from "./schema.ts";

export interface LoadedDataset {
  description: DatasetDescription;
  source: Source;
}

const FORMATS: Readonly<Record<string, "csv" | "parquet" | "json">> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".parquet": "parquet",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
};

/** Reads the datasets file; a data file in its place is one dataset by the file's name. Throws ConfigError with every problem. */
export async function loadDatasets(path: string): Promise<LoadedDataset[]> {
  const full = resolve(path);
  if (extname(full) in FORMATS && !/\.ya?ml$/.test(full) && !(extname(full) === ".json" && looksLikeDescription(full))) {
    const name =
      basename(full, extname(full))
        .toLowerCase()
        .replace(/[^a-z0-9_-]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, 40) || "data";
    return [{ description: { name, source: full }, source: locate({ name, source: full }, dirname(full)) }];
  }
  const content = await parse(full);
  const result = datasetsFile.safeParse(content);
  if (!result.success) throw new ConfigError(result.error.issues.map((issue) => `${path}: ${where(issue.path, content)}${issue.message}.`));
  const names = result.data.datasets.map((d) => d.name.toLowerCase());
  const repeated = names.filter((n, i) => names.indexOf(n) !== i);
  if (repeated.length > 0) throw new ConfigError(repeated.map((n) => `${path}: two datasets are called “${n}”. Give each its own name.`));
  return result.data.datasets.map((description) => ({ description, source: locate(description, dirname(full)) }));
}

async function parse(path: string): Promise<unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new ConfigError([`DATASETS: cannot read ${path}. Point it at a YAML file that describes the datasets, or at a data file.`]);
  }
  const { parse: parseYaml } = await import("yaml");
  try {
    return parseYaml(text);
  } catch (error) {
    throw new ConfigError([`${path}: ${error instanceof Error ? error.message.split("\n")[0] : "not YAML"}. Correct the file.`]);
  }
}

function looksLikeDescription(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, "utf8").slice(0, 200).includes('"datasets"');
}

function locate(description: DatasetDescription, folder: string): Source {
  const { source, table } = description;
  if (/^postgres(?:ql)?:/.test(source)) return { kind: "postgres", url: source, table: needTable(description) };
  if (source.startsWith("sqlite:")) {
    const path = source.slice("sqlite:".length);
    return { kind: "sqlite", path: isAbsolute(path) ? path : join(folder, path), table: table ?? needTable(description) };
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source))
    throw new ConfigError([
      `dataset “${description.name}”: ${source.split(":")[0]} addresses are not read. Use a file, sqlite:PATH or postgres://….`,
    ]);
  const pattern = isAbsolute(source) ? source : join(folder, source);
  const format = description.format ?? FORMATS[extname(pattern).toLowerCase()];
  if (!format)
    throw new ConfigError([
      `dataset “${description.name}”: cannot tell the format of ${source}. Add \`format: csv\`, \`parquet\` or \`json\`.`,
    ]);
  return { kind: "files", pattern, directory: realFolder(folderOf(pattern)), format };
}

/** DuckDB compares real paths. A folder that does not exist yet stays as written: the first question says so. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function needTable(description: DatasetDescription): string {
  if (description.table) return description.table;
  throw new ConfigError([`dataset “${description.name}”: a database needs \`table: NAME\`.`]);
}

function where(path: readonly PropertyKey[], content: unknown): string {
  const index = path[0] === "datasets" && typeof path[1] === "number" ? path[1] : undefined;
  if (index === undefined) return path.length ? `${path.join(".")}: ` : "";
  const entry = (content as { datasets?: { name?: unknown }[] }).datasets?.[index];
  const rest = path.slice(2).join(".");
  return `dataset ${typeof entry?.name === "string" ? `“${entry.name}”` : index + 1}${rest ? `, ${rest}` : ""}: `;
}
