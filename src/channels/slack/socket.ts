import { ConfigError } from "../../errors.ts";
import { clientOptions, refusalOf } from "./client.ts";
import type { Gate, Inbox, InboxOptions } from "./receiver.ts";

type Bolt = Pick<typeof import("@slack/bolt"), "SocketModeReceiver">;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Deliveries over a socket. We reconnect ourselves: the SDK waits five seconds after each of Slack's routine farewells, and leaves a
 * rejected promise behind when it is stopped while it connects.
 */
export function openSocket(bolt: Bolt, appToken: string, apiUrl: string | undefined, gate: Gate, options: InboxOptions): Inbox {
  const { logger, wait, onFault } = options;
  const receiver = new bolt.SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, logger) },
    processEventErrorHandler: async ({ error }) => {
      onFault(error);
      return false;
    },
  });
  gate.guard(receiver);
  const { client } = receiver;
  const stopping = Promise.withResolvers<void>();
  let running = false;
  let connection: Promise<void> = Promise.resolve();

  /** Connected, or on the way to it, until it is stopped. `onTry` hears how each attempt to get an address went. */
  async function stay(onTry: (error?: unknown) => void): Promise<void> {
    for (let failures = 0; running; ) {
      const gone = Promise.withResolvers<void>();
      const accepted = () => onTry();
      client.once("disconnected", gone.resolve);
      client.once("authenticated", accepted);
      try {
        await client.start();
        failures = 0;
        if (running) await gone.promise;
      } catch (error) {
        failures += 1;
        onTry(error);
        if (running) await Promise.race([wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)), stopping.promise]);
      } finally {
        client.off("disconnected", gone.resolve);
        client.off("authenticated", accepted);
      }
    }
    // It may have been stopped while it was connecting.
    await client.disconnect();
  }

  return {
    routes: [],
    async start() {
      running = true;
      const first = Promise.withResolvers<unknown>();
      let tried = false;
      connection = stay((error) => {
        if (tried && error !== undefined) onFault(error);
        tried = true;
        first.resolve(error);
      });
      const refusal = refusalOf(await first.promise);
      if (!refusal) return;
      running = false;
      stopping.resolve();
      await connection;
      throw new ConfigError([
        `Slack refused SLACK_APP_TOKEN (${refusal}). Make an app-level token with connections:write and set it, or leave it out to use HTTP.`,
      ]);
    },
    async stop() {
      await gate.close();
      running = false;
      stopping.resolve();
      await client.disconnect();
      await connection;
    },
  };
}
