import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { agentsSuite } from "../records/suites/agents.ts";
import { auditSuite } from "../records/suites/audit.ts";
import { conversationsSuite } from "../records/suites/conversations.ts";
import { crashSuite } from "../records/suites/crash.ts";
import { forgetSuite } from "../records/suites/forget.ts";
import { keysSuite } from "../records/suites/keys.ts";
import { recordsSuite } from "../records/suites/records.ts";
import { sessionsSuite } from "../records/suites/sessions.ts";
import { migratingSuite } from "../storage/suites/migrating.ts";
import { transactionsSuite } from "../storage/suites/transactions.ts";
import { valuesSuite } from "../storage/suites/values.ts";

/** A kind of database to put through the suite: one line in stores.test.ts joins it. */
export interface StoreKind {
  name: string;
  /** Several processes can open the same URL. */
  shared: boolean;
  /** Called once. Throws when this machine cannot run it: then its tests are skipped and the reason is printed. */
  start(): Promise<{ fresh(): Promise<string>; stop(): Promise<void> }>;
}

/** What a suite works with. Read `database` inside tests only. */
export interface StoreUnderTest {
  readonly shared: boolean;
  /** Migrated, and shared by all tests of the kind: use ids of your own (`unique`). */
  readonly database: Database;
  /** The URL of an empty database nobody else uses. */
  fresh(): Promise<string>;
  /** A name no other test has. */
  unique(name: string): string;
  /** A moving clock: each reading is a second after the one before. */
  now(): Date;
}

const SUITES = [
  valuesSuite,
  transactionsSuite,
  migratingSuite,
  conversationsSuite,
  forgetSuite,
  crashSuite,
  keysSuite,
  sessionsSuite,
  auditSuite,
  recordsSuite,
  agentsSuite,
];

/** Runs what every store must pass. */
export function testStore(kind: StoreKind): void {
  describe(kind.name, () => {
    let running: Awaited<ReturnType<StoreKind["start"]>> | undefined;
    let database: Database | undefined;
    let reason = "";
    let names = 0;
    let readings = 0;

    beforeAll(async () => {
      try {
        running = await kind.start();
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        console.warn(`${kind.name} is not tested here: ${reason}`);
        return;
      }
      database = await openDatabase(await running.fresh());
      await migrate(database);
    });
    beforeEach((context) => context.skip(running === undefined, reason));
    afterAll(async () => {
      await database?.close();
      await running?.stop();
    });

    const store: StoreUnderTest = {
      shared: kind.shared,
      get database() {
        if (!database) throw new Error("the store is not open yet");
        return database;
      },
      fresh: () => (running ? running.fresh() : Promise.reject(new Error(reason))),
      unique: (name) => `${name}-${++names}`,
      now: () => new Date(Date.UTC(2026, 10, 20, 9, 0, ++readings)),
    };
    for (const suite of SUITES) suite(store);
  });
}
