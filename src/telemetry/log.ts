import { AsyncLocalStorage } from "node:async_hooks";
import pino from "pino";
import { createRedactor } from "./redact.ts";

/** A structured log: a static message plus data. Every line is JSON on standard output, redacted, with the turn's correlation id. */
export interface Log {
  debug(message: string, data?: Record<string, unknown>): void;
  info(message: string, data?: Record<string, unknown>): void;
  warn(message: string, data?: Record<string, unknown>): void;
  error(message: string, data?: Record<string, unknown>): void;
}

const correlation = new AsyncLocalStorage<string>();

/** Runs `work` so that every log line written in it, however deep, carries `id`. */
export function withCorrelation<T>(id: string, work: () => T): T {
  return correlation.run(id, work);
}

export function correlationId(): string | undefined {
  return correlation.getStore();
}

export interface LogOptions {
  level: string;
  secrets: readonly string[];
  /** Where lines go; standard output unless given. The command line sends them to standard error. */
  write?: (line: string) => void;
}

export function createLog(options: LogOptions): Log {
  const redact = createRedactor(options.secrets);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => (correlation.getStore() === undefined ? {} : { correlation: correlation.getStore() }),
    },
    options.write ? { write: options.write } : pino.destination({ fd: 1, sync: true }),
  );
  const line =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, data: Record<string, unknown> = {}) => {
      if (logger.isLevelEnabled(level)) logger[level](withoutReserved(redact(data)), redact(message));
    };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}

/** Our own fields of a line; data of the same name stands beside them, never in their place. */
const RESERVED = new Set(["level", "time", "msg", "correlation"]);

function withoutReserved(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [RESERVED.has(key) ? `${key}_` : key, value]));
}
