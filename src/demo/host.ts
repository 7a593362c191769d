import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fromInstant } from "../core/civil-date.ts";
import type { Fault } from "./faults.ts";
import type { SimulatedResponse, Simulator } from "./simulator.ts";
import { createWorld, type World } from "./world/index.ts";

export interface HostOptions {
  simulators: readonly Simulator[];
  now(): Date;
  seed?: number;
  /** By the simulator's name; may be changed while the host runs. */
  faults?: Map<string, Fault>;
}

export interface Host {
  /** The one origin all simulated vendors share. */
  readonly origin: string;
  /** Settings that point every integration at its simulator. */
  readonly settings: Readonly<Record<string, string>>;
  /** Works out what most answers are cut from, before the first is asked for. Takes some hundred milliseconds. */
  foresee(): void;
  close(): Promise<void>;
}

const SLOW_MS = 2_000;
const HOUR_MS = 3_600_000;
const BODY_LIMIT = 1_048_576;

/** Simulated vendors on one loopback port, each below its own path. The world is made with the first request of an hour. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { simulators, now, seed, faults = new Map<string, Fault>() } = options;
  const { createServer } = process.getBuiltinModule("node:http");
  let current: { hour: number; world: World } | undefined;
  const worldNow = () => {
    const hour = Math.floor(now().getTime() / HOUR_MS);
    if (current?.hour !== hour) {
      const at = new Date(hour * HOUR_MS);
      current = { hour, world: createWorld(fromInstant(at), seed, at) };
    }
    return current.world;
  };
  let counter = 0;
  const server = createServer((request, response) => {
    counter += 1;
    answer(request, response, counter).catch(() => response.destroy());
  });
  // A demo that is done must not be kept alive by its vendors.
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse, n: number): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    const [, name = ""] = url.pathname.split("/");
    const simulator = simulators.find((s) => s.name === name);
    const body = await readBody(request);
    const fault = faults.get(name);
    if (!simulator || body === undefined) return send(response, { status: simulator ? 413 : 404, body: { message: "Not Found" } });
    if (fault === "silent") return;
    if (fault === "slow") await wait(SLOW_MS);
    const refused = refusalOf(fault, n);
    if (refused) return send(response, refused);
    const given = await simulator.handle(
      {
        method: request.method ?? "GET",
        path: url.pathname.slice(name.length + 1) || "/",
        query: url.searchParams,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : value]),
        ),
        body,
        baseUrl: `${origin}/${name}`,
        now: now(),
      },
      worldNow(),
    );
    if (fault === "truncated") return cutShort(response, given);
    send(response, fault === "drifted" ? drifted(given) : given);
  }

  return {
    origin,
    settings: Object.assign({}, ...simulators.map((s) => s.settings(`${origin}/${s.name}`))) as Record<string, string>,
    foresee() {
      const world = worldNow();
      world.issues();
      world.pulls();
    },
    async close() {
      server.closeAllConnections();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}

function refusalOf(fault: Fault | undefined, n: number): SimulatedResponse | undefined {
  if (fault === "limited") return { status: 429, headers: { "retry-after": "1" }, body: { message: "Too many requests" } };
  if (fault === "failing" || (fault === "half-failing" && n % 2 === 1)) return { status: 500, body: { message: "Internal error" } };
  if (fault === "revoked") return { status: 401, body: { message: "Bad credentials" } };
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > BODY_LIMIT) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function bytesOf({ body = "" }: SimulatedResponse): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function send(response: ServerResponse, given: SimulatedResponse): void {
  const type = typeof given.body === "object" && !Buffer.isBuffer(given.body) ? { "content-type": "application/json; charset=utf-8" } : {};
  const bytes = bytesOf(given);
  response.writeHead(given.status, { ...type, "content-length": bytes.length, ...given.headers });
  response.end(bytes);
}

function cutShort(response: ServerResponse, given: SimulatedResponse): void {
  const bytes = bytesOf(given);
  response.writeHead(given.status, { "content-type": "application/json", "content-length": bytes.length + 100 });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Every field of a JSON answer under another name: what a vendor's new version may do. */
function drifted(given: SimulatedResponse): SimulatedResponse {
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`${key}_v2`, rename(inner)]));
  };
  try {
    return { ...given, body: rename(JSON.parse(bytesOf(given).toString("utf8"))) as object };
  } catch {
    return { ...given, body: "<v2/>" };
  }
}
