import type { Kysely, Transaction } from "kysely";
import { listWords } from "../core/text.ts";
import { ConfigError } from "../errors.ts";
import { type Database, tellingOfFullDisk } from "./database.ts";
import { MIGRATIONS, migrate } from "./migrations.ts";

export interface CopiedTable {
  table: string;
  rows: number;
}

/** Tables by name: what is copied is not known to the types of any one of them. */
type Row = Record<string, unknown>;
type Tables = Record<string, Row>;

const PAGE = 500;
/** The beginning of the audit log, which the first migration writes. */
const BEGINNINGS: Readonly<Record<string, (row: Row) => boolean>> = { audit_head: ({ seq }) => Number(seq) === 0 };

/**
 * Copies every table of ours into another database, of either kind, in one transaction: all of it or nothing. What is written to `from`
 * meanwhile waits (SQLite) or is not in the copy (PostgreSQL). `to` is brought to this version first.
 * Throws ConfigError, and leaves `to` as it was, when it holds anything of ours already or its disk is full.
 */
export async function copyDatabase(from: Database, to: Database): Promise<readonly CopiedTable[]> {
  const tables = tablesInOrder();
  await refuseFilled(to, tables);
  await migrate(to);
  const source = from.kysely as unknown as Kysely<Tables>;
  const target = to.kysely as unknown as Kysely<Tables>;
  return tellingOfFullDisk(to, () =>
    source
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute((reading) => target.transaction().execute((writing) => copyAll(reading, writing, tables))),
  );
}

async function copyAll(reading: Transaction<Tables>, writing: Transaction<Tables>, tables: readonly Table[]): Promise<CopiedTable[]> {
  const copied: CopiedTable[] = [];
  for (const table of tables) {
    await writing.deleteFrom(table.name).execute();
    copied.push({ table: table.name, rows: await copyTable(reading, writing, table) });
  }
  return copied;
}

interface Table {
  name: string;
  key: readonly string[];
}

/** As the migrations make them: a table comes after those it refers to. */
export function tablesInOrder(): Table[] {
  const statements = MIGRATIONS.flatMap(({ up }) => up);
  return statements.flatMap((statement) => {
    const [, name, body = ""] = /^create table (\w+) \(([\s\S]+)\)$/.exec(statement.trim()) ?? [];
    if (name === undefined) return [];
    const [, several, one] = /\bprimary key \(([^)]+)\)|(\w+) \w+ primary key/.exec(body) ?? [];
    return [{ name, key: several?.split(/\s*,\s*/) ?? [one ?? ""] }];
  });
}

async function copyTable(reading: Transaction<Tables>, writing: Transaction<Tables>, { name, key }: Table): Promise<number> {
  const { sql } = await import("kysely");
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let copied = 0;
  let last: Row | undefined;
  for (;;) {
    let page = reading.selectFrom(name).selectAll().limit(PAGE);
    for (const column of key) page = page.orderBy(column);
    const after = last;
    if (after) page = page.where(sql<boolean>`(${columns}) > (${sql.join(key.map((column) => after[column]))})`);
    const rows = await page.execute();
    last = rows.at(-1);
    // One by one: a statement takes so many values and no more.
    for (const row of rows)
      await writing
        .insertInto(name)
        .values({ ...row })
        .execute();
    copied += rows.length;
    if (rows.length < PAGE) return copied;
  }
}

async function refuseFilled(database: Database, tables: readonly Table[]): Promise<void> {
  const kysely = database.kysely as unknown as Kysely<Tables>;
  const there = new Set((await kysely.introspection.getTables()).map(({ name }) => name));
  const filled: string[] = [];
  for (const { name } of tables) {
    if (!there.has(name)) continue;
    const row = await kysely.selectFrom(name).selectAll().limit(1).executeTakeFirst();
    if (row && !BEGINNINGS[name]?.(row)) filled.push(name);
  }
  if (filled.length > 0)
    throw new ConfigError([
      `The database to copy to is not empty: it has rows in ${listWords(filled, 3)}. Name a new one; nothing was copied.`,
    ]);
}
