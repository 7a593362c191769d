import { soak } from "../run.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

/** Digests under kills: test/soak/run.ts in three settings. */

type Options = Parameters<typeof soak>[0];

const SLOTS = 1_000;
const KILLS = 300;
const PATIENCE_MS = 1_800_000;

export const ledgerTargets: readonly Target[] = [
  {
    id: "R1",
    test: `${SLOTS} digests, 3 processes on PostgreSQL, ${KILLS} of them killed; the platform refuses and loses answers`,
    good: "none lost, none doubled",
    run: (scale) => ledger(scale, { store: "postgres", way: "looks", replicas: 3 }),
    control: { what: "sends again without looking", run: (scale) => ledger(scale, { store: "postgres", way: "naive", replicas: 3 }) },
  },
  {
    id: "R1",
    test: "the same on a platform where nobody can look for an earlier post (Teams)",
    good: "none doubled; what is unclear is at most the answers lost and the processes killed",
    run: (scale) => ledger(scale, { store: "postgres", way: "blind", replicas: 3 }),
    control: { what: "sends again without looking", run: (scale) => ledger(scale, { store: "sqlite", way: "naive", replicas: 1 }) },
  },
  {
    id: "R2",
    test: `the same on SQLite, one process, ${KILLS} kills`,
    good: "none lost, none doubled",
    run: (scale) => ledger(scale, { store: "sqlite", way: "looks", replicas: 1 }),
    control: { what: "sends again without looking", run: (scale) => ledger(scale, { store: "sqlite", way: "naive", replicas: 1 }) },
  },
  {
    id: "R3",
    test: "R1 while PostgreSQL goes away every few seconds",
    good: "none lost, none doubled",
    run: (scale) => ledger(scale, { store: "postgres", way: "looks", replicas: 3, restartEveryMs: 7_000 }),
    control: {
      what: "sends again without looking",
      run: (scale) => ledger(scale, { store: "postgres", way: "naive", replicas: 3, restartEveryMs: 7_000 }),
    },
  },
];

async function ledger(scale: Scale, options: Pick<Options, "store" | "way" | "replicas" | "restartEveryMs">): Promise<Outcome> {
  const result = await soak({
    ...options,
    slots: partOf(SLOTS, scale, 40),
    kills: partOf(KILLS, scale, 6),
    patienceMs: PATIENCE_MS,
    // Few slots must meet a lost answer too.
    loseAnswer: scale.share < 1 ? 0.2 : 0.03,
  });
  const { slots, posted, lost, doubled, unknown, takenOver, kills, restarts, injected } = result;
  return {
    figure: `${posted} of ${slots} posted, ${lost} lost, ${doubled} doubled, ${unknown} unclear; ${kills} kills, ${takenOver} in the making${restarts > 0 ? `, ${restarts} outages` : ""}, ${injected.afterAccept} answers lost`,
    good: lost === 0 && doubled === 0 && unknown <= injected.afterAccept + kills,
  };
}
