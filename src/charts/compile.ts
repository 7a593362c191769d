import type { LoggerInterface, Runtime, Spec as VegaSpec } from "vega";
import type { compile as compileLite, TopLevelSpec } from "vega-lite";
import { chartConfig, THEMES, type ThemeName } from "./theme.ts";

/** A spec taken apart: its shape, which can be compiled once, and what changes from picture to picture. */
export interface SplitSpec {
  shape: Record<string, unknown>;
  datasets: Readonly<Record<string, readonly object[]>>;
  params: ReadonlyMap<string, unknown>;
}

export interface Compiler {
  compile: typeof compileLite;
  parse(spec: VegaSpec, config: undefined, options: { ast: boolean }): Runtime;
}

const MOST_SHAPES = 32;

/** Least recently used first. */
const compiled = new Map<string, Runtime>();

/** Data and parameters out of the spec; what is left names them only. */
export function splitSpec(spec: Readonly<Record<string, unknown>>): SplitSpec {
  const { datasets, params, ...rest } = spec;
  const list = Array.isArray(params) ? (params as { name: string; value: unknown }[]) : [];
  return {
    shape: { ...rest, params: list.map(({ name }) => ({ name, value: null })) },
    datasets: (datasets ?? {}) as SplitSpec["datasets"],
    params: new Map(list.map(({ name, value }) => [name, value])),
  };
}

/**
 * The parsed dataflow of a shape in a theme, from a small cache. Vega keeps expressions as syntax trees (no code is generated).
 * A runtime is read only and may serve many views. Throws when Vega-Lite has anything to complain about: specs are our own.
 */
export function compileShape(vega: Compiler, shape: Record<string, unknown>, theme: ThemeName): Runtime {
  const key = `${theme} ${JSON.stringify(shape)}`;
  const known = compiled.get(key);
  const runtime = known ?? compile(vega, shape, theme);
  compiled.delete(key);
  compiled.set(key, runtime);
  if (compiled.size > MOST_SHAPES) compiled.delete(compiled.keys().next().value ?? key);
  return runtime;
}

function compile(vega: Compiler, shape: Record<string, unknown>, theme: ThemeName): Runtime {
  const config = { ...chartConfig(THEMES[theme]), ...(shape.config as object | undefined) };
  const problems: string[] = [];
  const { spec } = vega.compile({ ...shape, config } as unknown as TopLevelSpec, { logger: strictLogger(problems) });
  if (problems.length > 0) throw new Error(`Vega-Lite: ${problems.join("; ")}`);
  return vega.parse(spec, undefined, { ast: true });
}

/** Collects what Vega would print: it reports broken charts there and goes on with an empty picture. */
export function strictLogger(problems: string[]): LoggerInterface {
  const logger: LoggerInterface = {
    level: ((level?: number) => (level === undefined ? 0 : logger)) as LoggerInterface["level"],
    debug: () => logger,
    info: () => logger,
    warn: collect,
    error: collect,
  };
  function collect(...words: readonly unknown[]): LoggerInterface {
    problems.push(words.map((word) => (word instanceof Error ? word.message : String(word))).join(" "));
    return logger;
  }
  return logger;
}
