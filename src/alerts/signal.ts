import type { AlertFigure, Severity } from "../core/alert.ts";
import type { Receipt } from "../core/fact.ts";

/** One sign as a rule or a vendor saw it. */
export interface Signal {
  /** The same for the same sign, however often it is told. */
  fingerprint: string;
  rule: string;
  /** What several signs of one cause share. */
  group: string;
  series: string;
  title: string;
  /** What an alert that begins with it is called, where its own title would say too little. */
  alertTitle?: string;
  severity: Severity;
  state: "firing" | "recovered";
  /** When it began, or, of a recovered one, ended. */
  at: Date;
  /** Signs of a group are one alert when they began within so many milliseconds of each other. */
  windowMs: number;
  project?: string;
  figure?: AlertFigure;
  text?: string;
  url?: string;
  receipts?: readonly Receipt[];
}

export const WINDOW_MS = { event: 30 * 60_000, daily: 2 * 86_400_000 } as const;
