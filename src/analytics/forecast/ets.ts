import { straightLine } from "./theta.ts";

/** Forecasts of a series without season by an exponential smoothing model chosen from its family; undefined when none can be fitted. */
export type EtsModel = (x: Float64Array, horizon: number) => Float64Array | undefined;

/** Old values no longer move a smoothed level, but cost as much time as new ones. */
const MOST_VALUES = 200;

/**
 * AutoETS of the library augurs: error, trend and damping chosen by corrected AIC. Hyndman, Koehler, Snyder and Grose, A state space
 * framework (IJF 2002). `code` holds the library's WebAssembly ("ets_bg.wasm"): reading files is the caller's business.
 * Values are scaled to a mean size of 1 first, where its optimiser works best.
 */
export async function openEts(code: Uint8Array): Promise<EtsModel> {
  const { AutoETS, initSync } = await import("@bsull/augurs/ets");
  initSync({ module: new Uint8Array(code) });
  return (history, horizon) => {
    const x = history.subarray(Math.max(0, history.length - MOST_VALUES));
    let size = 0;
    for (const value of x) size += Math.abs(value) / x.length;
    if (!(size > 0) || nearlyStraight(x, size)) return undefined;
    const model = new AutoETS(1, "ZZN");
    try {
      model.fit(x.map((value) => value / size));
      const forecast = Float64Array.from(model.predict(horizon).point, (value) => value * size);
      return forecast.every(Number.isFinite) ? forecast : undefined;
    } catch {
      // A series it has no model for (a constant, for one): the others of the pool have.
      return undefined;
    } finally {
      model.free();
    }
  };
}

/** Within a thousandth of a line there is nothing to smooth, and the optimiser takes seconds to find that out. */
function nearlyStraight(x: Float64Array, size: number): boolean {
  const { start, slope } = straightLine(x);
  return x.every((value, t) => Math.abs(value - start - slope * t) < 1e-3 * size);
}
