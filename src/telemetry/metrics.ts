/**
 * Figures of our own in Prometheus' text format (version 0.0.4). By hand because they are counted from the first moment on, and the usual
 * library takes longer to load than a quarter of our start.
 */
export interface Registry {
  /** Counts up; by one without `by`. */
  counter(name: string, help: string, labels?: readonly string[]): (values?: Labels, by?: number) => void;
  /** Seconds, in the buckets given: upper bounds, rising. */
  histogram(name: string, help: string, labels: readonly string[], buckets?: readonly number[]): (values: Labels, seconds: number) => void;
  /** Read when asked for. One that cannot be read is left out: what is not known is not zero. */
  gauge(name: string, help: string, read: () => Promise<readonly Sample[]> | readonly Sample[]): void;
  /** The page. Never rejects. */
  text(): Promise<string>;
  /** Sums of a counter over the values of one label: {ok: 3, failed: 1}. */
  sums(name: string, label: string): Readonly<Record<string, number>>;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels?: Labels;
  value: number;
}

/** Each series costs memory here and in Prometheus; beyond so many of one name the rest are counted together. */
const MOST_SERIES = 300;
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Series {
  labels: Labels;
  value: number;
  /** Of histograms: how many fell into each bucket, and the sum of all. */
  buckets?: number[];
  sum?: number;
}

interface Metric {
  name: string;
  help: string;
  type: "counter" | "histogram" | "gauge";
  write(): Promise<string[]>;
}

export function createRegistry(onFault: (error: unknown) => void = () => {}): Registry {
  const metrics: Metric[] = [];
  const counted = new Map<string, Map<string, Series>>();

  return {
    counter(name, help, labels = []) {
      const series = new Map<string, Series>();
      counted.set(name, series);
      if (labels.length === 0) seriesOf(series, labels, {});
      metrics.push({ name, help, type: "counter", write: async () => [...series.values()].map((s) => lineOf(name, s.labels, s.value)) });
      return (values = {}, by = 1) => {
        seriesOf(series, labels, values).value += by;
      };
    },
    histogram(name, help, labels, buckets = SECONDS) {
      const series = new Map<string, Series>();
      metrics.push({
        name,
        help,
        type: "histogram",
        write: async () => [...series.values()].flatMap((s) => bucketLines(name, s, buckets)),
      });
      return (values, seconds) => {
        const one = seriesOf(series, labels, values);
        one.buckets ??= buckets.map(() => 0);
        one.value += 1;
        one.sum = (one.sum ?? 0) + seconds;
        const bucket = buckets.findIndex((bound) => seconds <= bound);
        if (bucket >= 0) one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1;
      };
    },
    gauge(name, help, read) {
      const write = async () => {
        try {
          return (await read()).map(({ labels = {}, value }) => lineOf(name, labels, value));
        } catch (error) {
          onFault(error);
          return [];
        }
      };
      metrics.push({ name, help, type: "gauge", write });
    },
    async text() {
      const parts = await Promise.all(
        metrics.map(async ({ name, help, type, write }) => {
          const lines = await write();
          return lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
        }),
      );
      return `${parts.flat().join("\n")}\n`;
    },
    sums(name, label) {
      const sums: Record<string, number> = {};
      for (const { labels, value } of counted.get(name)?.values() ?? []) {
        const key = labels[label] ?? "";
        sums[key] = (sums[key] ?? 0) + value;
      }
      return sums;
    },
  };
}

function seriesOf(series: Map<string, Series>, names: readonly string[], values: Labels): Series {
  let key = "";
  for (const name of names) key += `${values[name] ?? ""}\0`;
  const known = series.get(key);
  if (known) return known;
  const labels = Object.fromEntries(names.map((name) => [name, values[name] ?? ""]));
  const full = series.size >= MOST_SERIES && Object.values(labels).some((value) => value !== OTHER);
  if (full) return seriesOf(series, names, Object.fromEntries(names.map((name) => [name, OTHER])));
  const made: Series = { labels, value: 0 };
  series.set(key, made);
  return made;
}

const OTHER = "other";

function bucketLines(name: string, { labels, value, buckets = [], sum = 0 }: Series, bounds: readonly number[]): string[] {
  let below = 0;
  const lines = bounds.map((bound, i) => {
    below += buckets[i] ?? 0;
    return lineOf(`${name}_bucket`, { ...labels, le: String(bound) }, below);
  });
  return [
    ...lines,
    lineOf(`${name}_bucket`, { ...labels, le: "+Inf" }, value),
    lineOf(`${name}_sum`, labels, sum),
    lineOf(`${name}_count`, labels, value),
  ];
}

function lineOf(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length ? `{${pairs.join(",")}}` : ""} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
