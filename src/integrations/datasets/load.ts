import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import { ConfigError } from "../../errors.ts";
import { descriptionProblems, yamlProblem } from "./description-problems.ts";
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
  const ending = extname(full).toLowerCase();
  if (ending in FORMATS && !(ending === ".json" && looksLikeDescription(full))) {
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
  if (!result.success) throw new ConfigError(descriptionProblems(result.error, content).map((problem) => `${path}: ${problem}`));
  const problems = repeatedNames(result.data.datasets).map((problem) => `${path}: ${problem}`);
  const loaded = result.data.datasets.flatMap((description) => {
    try {
      return [{ description, source: locate(description, dirname(full)) }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map((problem) => `${path}: ${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
}

function repeatedNames(descriptions: readonly DatasetDescription[]): string[] {
  const repeated = (names: readonly string[]) => {
    const lower = names.map((n) => n.toLowerCase());
    return [...new Set(lower.filter((n, i) => lower.indexOf(n) !== i))];
  };
  return [
    ...repeated(descriptions.map((d) => d.name)).map((n) => `two datasets are called “${n}”. Give each its own name.`),
    ...descriptions.flatMap((d) =>
      (["measures", "dimensions"] as const).flatMap((kind) =>
        repeated((d[kind] ?? []).map((item) => item.name)).map(
          (n) => `dataset “${d.name}”: two ${kind} are called “${n}”. Give each its own name.`,
        ),
      ),
    ),
  ];
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
    return parseYaml(text, { logLevel: "error" });
  } catch (error) {
    throw new ConfigError([`${path}: ${yamlProblem(error)}. Correct the file; put values with special characters in quotes.`]);
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
