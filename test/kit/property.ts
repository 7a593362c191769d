import fc from "fast-check";

/**
 * The same cases in every run, so that a failure is of the change and not of chance. `PROPERTY_SEED` draws others: a number, or `random` for
 * new ones each time, to look for what nobody thought of. The runner prints the seed of a failure.
 */
const given = process.env.PROPERTY_SEED ?? "20261121";
fc.configureGlobal(given === "random" ? {} : { seed: Number(given) });

export { fc };
