import { afterAll, beforeAll } from "vitest";
import { fromInstant } from "../../src/core/civil-date.ts";
import type { Connection } from "../../src/core/integration.ts";
import type { Fault } from "../../src/demo/faults.ts";
import { type Host, startHost } from "../../src/demo/host.ts";
import type { Simulator } from "../../src/demo/simulator.ts";
import { createWorld, type World } from "../../src/demo/world/index.ts";
import type { HttpContext } from "../../src/integrations/http/caller.ts";

const HOUR_MS = 3_600_000;

export interface CompanyOptions<Settings, C extends Connection> {
  simulator: Simulator;
  integration: { settings: { parse(env: unknown): Settings }; connect(settings: Settings, context: HttpContext): C | Promise<C> };
  now: Date;
  /** No attempt of a request lasts longer, whatever the vendor's own limit. */
  attemptMs?: number;
  /** Asks whatever makes the host's records, which may take longer than an answer of a vendor may. */
  warm?(company: SimulatedCompany<C>): Promise<unknown>;
}

export interface SimulatedCompany<C extends Connection = Connection> {
  readonly host: Host;
  readonly connection: C;
  /** The company's own records, as the host has them at `now`. */
  readonly world: World;
  /** Operations of the requests that went out, in order. */
  readonly calls: string[];
  /** A connection that knows nothing yet. */
  connect(): Promise<C>;
  /** The work, done that much later; then it is as early as before. */
  later<T>(ms: number, work: () => Promise<T>): Promise<T>;
  /** The work, done while the vendor has the fault. */
  during<T>(fault: Fault, work: () => Promise<T>): Promise<T>;
}

/**
 * One vendor of the simulated company on loopback and our integration connected to it, for all tests of the file; every
 * connection is closed after them. Time passes only by `later`; waits take none.
 */
export function simulatedCompany<Settings, C extends Connection>(options: CompanyOptions<Settings, C>): SimulatedCompany<C> {
  const { simulator, integration, now, attemptMs, warm } = options;
  const faults = new Map<string, Fault>();
  const opened: C[] = [];
  let host: Host | undefined;
  let time = now.getTime();
  const hour = new Date(Math.floor(time / HOUR_MS) * HOUR_MS);
  const started = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("the company opens with the first test");
    return thing;
  };
  const company: SimulatedCompany<C> = {
    get host() {
      return started(host);
    },
    get connection() {
      return started(opened[0]);
    },
    world: createWorld(fromInstant(hour), undefined, hour),
    calls: [],
    async connect() {
      const context: HttpContext = {
        now: () => new Date(time),
        demoOrigins: [company.host.origin],
        onVendorCall: ({ outcome, operation }) => void (outcome === "cached" ? 0 : company.calls.push(operation)),
        random: () => 0.5,
        wait: async () => {},
        ...(attemptMs === undefined ? {} : { attemptMs }),
      };
      const connection = await integration.connect(integration.settings.parse(company.host.settings), context);
      opened.push(connection);
      return connection;
    },
    async later(ms, work) {
      time += ms;
      try {
        return await work();
      } finally {
        time -= ms;
      }
    },
    async during(fault, work) {
      faults.set(simulator.name, fault);
      try {
        return await work();
      } finally {
        faults.clear();
      }
    },
  };
  beforeAll(async () => {
    host = await startHost({ simulators: [simulator], now: () => new Date(time), faults });
    await company.connect();
    await warm?.(company);
  }, 120_000);
  afterAll(async () => {
    for (const connection of opened) await connection.close();
    await host?.close();
  });
  return company;
}
