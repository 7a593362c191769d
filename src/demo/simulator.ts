import type { World } from "./world/index.ts";

/** A vendor of the simulated company: the vendor's own protocol in front of the world's records. No clock, no network; what people write lasts as long as the world. */
export interface Simulator {
  /** Also the first segment of its path on the common port: "github". */
  readonly name: string;
  /** Environment settings that point the integration at it. `baseUrl` has no slash at the end. */
  settings(baseUrl: string): Readonly<Record<string, string>>;
  /** Answers as the vendor would, its refusals too. Throws only for a bug; then the host answers 500. */
  handle(request: SimulatedRequest, world: World): SimulatedResponse | Promise<SimulatedResponse>;
}

export interface SimulatedRequest {
  method: string;
  /** Below the simulator's base URL, with its leading slash, still encoded. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** The address the client used for the simulator, for links in answers. No slash at the end. */
  baseUrl: string;
  /** The instant of the request. */
  now: Date;
}

export interface SimulatedResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON. */
  body?: string | Buffer | object;
}

/** JSON of a request. undefined when it is none. */
export function jsonOf({ body }: SimulatedRequest): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
