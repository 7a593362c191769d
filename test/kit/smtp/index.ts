import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import type { Mail } from "./mime.ts";
import { holdSession } from "./session.ts";

/** A mail server on loopback that takes RFC 5321 at its word, and fails as it is told to. */
export interface FakeSmtp {
  /** With user and password where it wants them. */
  url: string;
  /** What it took, in order. */
  mails: readonly TakenMail[];
  /** Rules that a client broke. */
  violations: readonly string[];
  /** Connections so far. */
  connections: () => number;
  /** The next mails fail so, one after the other. */
  fail(...faults: readonly SmtpFault[]): void;
  /** Says nothing any more to who is connected. */
  close(): Promise<void>;
}

export interface TakenMail extends Mail {
  from: string;
  to: string[];
  raw: string;
}

/**
 * A number and a place: what is answered there. "drop …": the connection ends there. "taken, then …": the mail was taken, and the client
 * does not hear of it.
 */
export type SmtpFault =
  | "421 at greeting"
  | "535 at login"
  | "451 at sender"
  | "550 at recipient"
  | "450 at recipient"
  | "452 at data"
  | "554 after the dot"
  | "451 after the dot"
  | "drop at greeting"
  | "drop at recipient"
  | "drop within the mail"
  | "drop at the dot"
  | "taken, then drop"
  | "taken, then silence";

export async function startFakeSmtp(options: { login?: { user: string; pass: string }; mostBytes?: number } = {}): Promise<FakeSmtp> {
  const { login, mostBytes = 10_000_000 } = options;
  const mails: TakenMail[] = [];
  const violations: string[] = [];
  const faults: SmtpFault[] = [];
  const open = new Set<Socket>();
  let connections = 0;

  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.setEncoding("latin1");
    holdSession(socket, { login, mostBytes, fault: faults.shift(), mails, violations });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const who = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@` : "";
  return {
    url: `smtp://${who}127.0.0.1:${port}`,
    mails,
    violations,
    connections: () => connections,
    fail: (...more) => void faults.push(...more),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
