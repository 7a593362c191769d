import type { CallToolResult, Client, Tool as RemoteTool } from "@modelcontextprotocol/client";
import type { ConnectContext } from "../../core/integration.ts";
import { untilAborted } from "../../core/until-aborted.ts";
import { VendorError } from "../../errors.ts";
import type { Opened } from "./open-transport.ts";
import type { ServerSettings } from "./schema.ts";

/** A package runner fetches its program with the first start. */
const START_MS = 30_000;
const PROBE_MS = 2_500;
const LIST_MS = 5_000;
const CALL_MS = 30_000;
/** A server that did not answer is left alone for so long. */
const REST_MS = 60_000;
const MOST_PAGES = 5;

interface Talk {
  client: Client;
  opened: Opened;
}

/** One external server: started with its first use, started again when it has died, and never anybody's problem but its own. */
export class ExternalServer {
  readonly name: string;
  readonly title: string;
  readonly settings: ServerSettings;
  readonly #context: ConnectContext;
  #talk: Promise<Talk> | undefined;
  #failed: { at: number; error: VendorError } | undefined;
  readonly #closing = new AbortController();

  constructor(name: string, settings: ServerSettings, context: ConnectContext) {
    this.name = name;
    this.title = `MCP server ${name}`;
    this.settings = settings;
    this.#context = context;
  }

  /** Throws VendorError, once the signal aborts too: then the server goes on starting. */
  async list(signal: AbortSignal): Promise<RemoteTool[]> {
    return this.#with(signal, async ({ client }) => (await client.listTools(undefined, { signal, timeout: LIST_MS })).tools);
  }

  /** Throws VendorError; with the signal's reason when it aborts. A call is never repeated. */
  async call(tool: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallToolResult> {
    return this.#with(signal, ({ client }) =>
      client.callTool({ name: tool, arguments: { ...input } }, { signal, timeout: CALL_MS, maxTotalTimeout: CALL_MS }),
    );
  }

  /** Ends the program, gently first. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#drop();
  }

  async #with<T>(signal: AbortSignal, work: (talk: Talk) => Promise<T>): Promise<T> {
    const talk = await this.#connect(signal);
    try {
      return await work(talk);
    } catch (error) {
      if (isTimeout(error) || signal.aborted) throw this.#explain(error, talk, signal);
      throw this.#explain(error, talk);
    }
  }

  async #connect(signal: AbortSignal): Promise<Talk> {
    if (this.#closing.signal.aborted) throw new VendorError(this.title, `${this.title} is closed.`);
    const resting = this.#failed && this.#context.now().getTime() - this.#failed.at < REST_MS;
    if (this.#failed && resting) throw this.#failed.error;
    this.#talk ??= this.#open();
    return untilAborted(this.#talk, signal, () => this.#explain(undefined, undefined, signal));
  }

  async #open(): Promise<Talk> {
    const { Client } = await import("@modelcontextprotocol/client");
    const { openTransport } = await import("./open-transport.ts");
    const opened = openTransport(this.title, this.settings, this.#context);
    const client = new Client(
      { name: "firstmate", version: "1" },
      {
        versionNegotiation: { mode: "auto", probe: { timeoutMs: PROBE_MS } },
        listMaxPages: MOST_PAGES,
        // Foreign schemas are not compiled: a pattern in one could stop us.
        jsonSchemaValidator: { getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }) },
      },
    );
    const talk = { client, opened };
    try {
      const limit = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(START_MS)]);
      await untilAborted(client.connect(opened.transport, { signal: limit, timeout: START_MS }), limit, () => new Error("timeout"));
      this.#failed = undefined;
      client.onclose = () => {
        this.#talk = undefined;
      };
      return talk;
    } catch (error) {
      this.#talk = undefined;
      const failure = isTimeout(error)
        ? new VendorError(this.title, `${this.title} did not answer within ${START_MS / 1000} s.`, { detail: opened.complaint() })
        : this.#explain(error, talk);
      this.#failed = { at: this.#context.now().getTime(), error: failure };
      await end(talk);
      throw failure;
    }
  }

  async #drop(): Promise<void> {
    const talk = this.#talk;
    this.#talk = undefined;
    await talk?.then(end, () => {});
  }

  #explain(error: unknown, talk?: Talk, signal?: AbortSignal): VendorError {
    if (error instanceof VendorError) return error;
    const slow = isTimeout(error) || signal?.aborted;
    const message = slow ? `${this.title} did not answer in time.` : `${this.title} is out of reach or refused.`;
    const detail = talk?.opened.complaint() || (error instanceof Error ? error.message : "");
    return new VendorError(this.title, message, { detail, cause: error });
  }
}

async function end({ client, opened }: Talk): Promise<void> {
  await client.close().catch(() => {});
  await opened.close().catch(() => {});
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timed? ?out|timeout/i.test(`${error.name} ${error.message}`);
}
