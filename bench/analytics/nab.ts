/** The standard profile of the Numenta Anomaly Benchmark, from its published rules (Lavin and Ahmad, 2015). */
export interface NabFile {
  /** First and last row of each labelled window, both included. */
  windows: readonly (readonly [number, number])[];
  scores: Float64Array;
}

const FALSE_ALARM = 0.11;

/** 0 for a detector that never fires, 100 for one that fires once on the first row of each window; one threshold for all files. */
export function bestNabScore(files: readonly NabFile[]): { score: number; threshold: number } {
  const windows = files.reduce((n, file) => n + file.windows.length, 0);
  const rows = files.flatMap(worthOf).sort((a, b) => b.score - a.score);
  const found = new Map<string, number>();
  let gain = 0;
  let best = { gain: 0, threshold: Number.POSITIVE_INFINITY };
  for (let i = 0; i < rows.length; ) {
    const threshold = rows[i]?.score ?? 0;
    for (let row = rows[i]; row?.score === threshold; row = rows[++i]) {
      if (row.window === undefined) gain += row.worth;
      else {
        // A window that was missed cost 1.
        const before = found.get(row.window) ?? -1;
        gain += Math.max(0, row.worth - before);
        found.set(row.window, Math.max(before, row.worth));
      }
    }
    if (gain > best.gain) best = { gain, threshold };
  }
  return { score: (100 * best.gain) / (2 * windows), threshold: best.threshold };
}

/** What each row beyond the probation is worth if it is an alarm. */
function worthOf({ windows, scores }: NabFile, file: number): { score: number; worth: number; window?: string }[] {
  const probation = Math.min(Math.floor(0.15 * scores.length), 750);
  return [...scores].slice(probation).map((score, k) => {
    const row = probation + k;
    const inside = windows.find(([from, to]) => row >= from && row <= to);
    if (inside) {
      const [from, to] = inside;
      return { score, worth: sigmoid(-(to - row + 1) / (to - from + 1)) / sigmoid(-1), window: `${file} ${from}` };
    }
    const before = windows.findLast(([, to]) => to < row);
    return { score, worth: FALSE_ALARM * (before ? sigmoid((row - before[1]) / (before[1] - before[0])) : -1) };
  });
}

function sigmoid(x: number): number {
  return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
}
