import type { CivilDate } from "../../../core/fact.ts";
import type { Instant, Region } from "./common.ts";

export interface Customer {
  /** "C-0412" */
  id: string;
  name: string;
  segment: "terminal" | "haulier" | "forwarder" | "depot";
  region: Region;
  country: string;
  plan: "Basic" | "Professional" | "Enterprise";
  seats: number;
  /** Quarter of the start, "2025-Q3". */
  cohort: string;
  startedOn: CivilDate;
  /** First day without service; null while a customer. */
  cancelledOn: CivilDate | null;
  cancelReason: "outages" | "price" | "missing features" | "support" | "business closed" | "moved to a competitor" | null;
  contract: "monthly" | "annual" | "multi-year";
  payment: "card" | "direct debit" | "invoice";
  /** Login of the success manager. */
  manager: string;
  /** USD a month from each day on, oldest first: the start, upgrades, price rises. */
  mrrHistory: readonly { from: CivilDate; mrr: number }[];
  /** USD a month at the end of the window, or when it left. */
  mrr: number;
  modules: readonly string[];
  /** Answers to "would you recommend us", 0 to 10, oldest first. */
  nps: readonly { on: CivilDate; score: number }[];
}

/** What a customer did in a month. */
export interface CustomerMonth {
  customer: string;
  /** First day. */
  month: CivilDate;
  activeUsers: number;
  logins: number;
  /** Containers, trucks or pallets handled. */
  movements: number;
  /** Share of the plan's modules used. */
  adoption: number;
  tickets: number;
  /** Percent. */
  uptime: number;
}

export interface RevenueDay {
  day: CivilDate;
  region: Region;
  plan: Customer["plan"];
  /** USD: the day's share of subscriptions, and what usage adds. */
  subscription: number;
  usage: number;
  refunds: number;
  customers: number;
}

export interface RevenueMonth {
  month: CivilDate;
  region: Region;
  plan: Customer["plan"];
  /** USD a month: at the start, movements in the month, at the end (start + new + expansion - contraction - churned). */
  opening: number;
  added: number;
  expansion: number;
  contraction: number;
  churned: number;
  closing: number;
}

export type Theme =
  | "stock counts"
  | "slow screens"
  | "login trouble"
  | "failed gate bookings"
  | "wrong invoice"
  | "video stutters"
  | "export and reports"
  | "integration errors"
  | "assistant answers"
  | "how do I";

export interface Ticket {
  /** "T-20411" */
  id: string;
  customer: string;
  createdAt: Instant;
  firstResponseAt: Instant | null;
  resolvedAt: Instant | null;
  status: "open" | "pending" | "resolved";
  channel: "email" | "chat" | "phone" | "portal";
  priority: "urgent" | "high" | "normal" | "low";
  subject: string;
  body: string;
  /** The service it is about. */
  service: string;
  agent: string | null;
  reopened: boolean;
  /** 1 to 5; null when not answered. */
  satisfaction: number | null;
  /** Key of the issue it was escalated to. */
  issue: string | null;
  /** What raised it; null for everyday questions. */
  incident: string | null;
  stockIssue: string | null;
  /** The truth topic analysis should find. Files show it under its own column or not at all; vendors never do. */
  theme: Theme;
}

export interface StockIssue {
  id: string;
  customer: string;
  warehouse: string;
  sku: string;
  product: string;
  kind: "negative stock" | "count differs" | "missing scan" | "duplicate receipt" | "expired batch";
  openedAt: Instant;
  resolvedAt: Instant | null;
  quantity: number;
  /** USD of goods. */
  value: number;
  cause: "scanner release" | "late scan" | "labelling" | "handling" | "master data";
  ticket: string | null;
}

/** Watching a quay: quality of the live video, per day, region and kind of device. */
export interface StreamDay {
  day: CivilDate;
  region: Region;
  device: "Android" | "iOS" | "Web" | "Control room" | "Tablet";
  sessions: number;
  startFailures: number;
  exitsBeforeStart: number;
  /** Milliseconds, median. */
  startTime: number;
  minutes: number;
  rebufferMinutes: number;
  /** Kilobits a second, mean. */
  bitrate: number;
}
