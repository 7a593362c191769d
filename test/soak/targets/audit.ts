import { createAudit } from "../../../src/records/audit.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { seededRandom } from "../../kit/random.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

/** Who can write to the file changes, drops, doubles or swaps lines, or cuts off the end. */
const TAMPERINGS: Readonly<Record<string, (database: Database, seq: number) => Promise<unknown>>> = {
  changed: ({ kysely }, seq) => kysely.updateTable("audit").set({ actor: "somebody else" }).where("seq", "=", seq).execute(),
  "re-dated": ({ kysely }, seq) =>
    kysely
      .updateTable("audit")
      .set({ at: new Date(0) as never })
      .where("seq", "=", seq)
      .execute(),
  dropped: ({ kysely }, seq) => kysely.deleteFrom("audit").where("seq", "=", seq).execute(),
  "cut off": ({ kysely }, seq) => kysely.deleteFrom("audit").where("seq", ">=", seq).execute(),
  renumbered: ({ kysely }, seq) => kysely.updateTable("audit").set({ seq: 1_000_000 }).where("seq", "=", seq).execute(),
};
const LINES = 60;
const ROUNDS = 1_000;

export const auditTarget: Target = {
  id: "S4",
  test: `the audit log, tampered with ${ROUNDS} times in its own database`,
  good: "every change is found; an untouched log passes",
  run: (scale) => tamper(scale, async (database) => (await createAudit(database, () => new Date()).verify()).ok),
  control: {
    what: "a log that counts its lines",
    run: (scale) => tamper(scale, async ({ kysely }) => (await kysely.selectFrom("audit").select("seq").execute()).length === LINES),
  },
};

async function tamper(scale: Scale, isWhole: (database: Database) => Promise<boolean>): Promise<Outcome> {
  const random = seededRandom(5);
  let found = 0;
  let tried = 0;
  let falseAlarms = 0;
  for (let round = 0; round < partOf(ROUNDS, scale, 5); round++) {
    const database = await openDatabase("sqlite::memory:");
    try {
      await migrate(database);
      const audit = createAudit(database, () => new Date());
      for (let i = 0; i < LINES; i++) await audit.append({ actor: `key:${i % 3}`, action: "ask", target: `turn ${i}`, detail: { i } });
      if (!(await isWhole(database))) falseAlarms += 1;
      const ways = Object.values(TAMPERINGS);
      await ways[round % ways.length]?.(database, 1 + Math.floor(random() * LINES));
      tried += 1;
      if (!(await isWhole(database))) found += 1;
    } finally {
      await database.close();
    }
  }
  return { figure: `${found} of ${tried} found, ${falseAlarms} false alarms`, good: found === tried && falseAlarms === 0 };
}
