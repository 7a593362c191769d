import type { ApprovalDesk } from "../core/approval.ts";
import type { Handler } from "../core/channel.ts";
import type { CheckResult } from "../core/integration.ts";
import type { User } from "../core/message.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import type { Oidc } from "../identity/oidc.ts";
import type { RateLimit } from "../identity/rate-limit.ts";
import type { SignIn } from "../identity/sign-in.ts";
import type { Agents } from "../records/agents/index.ts";
import type { Audit } from "../records/audit.ts";
import type { Bindings } from "../records/bindings.ts";
import type { Conversations } from "../records/conversations.ts";
import type { Feedback } from "../records/feedback.ts";
import type { Keys } from "../records/keys.ts";
import type { People } from "../records/people.ts";
import type { Records } from "../records/record-store.ts";
import type { BudgetStanding } from "./routes/budgets.ts";
import type { ImportsApi } from "./routes/imports.ts";
import type { ProjectAnswers } from "./routes/projects.ts";
import type { ReceiveWebhook } from "./routes/webhooks.ts";

/** What the routes work with; handed over by the composition root. */
export interface ApiContext {
  handle: Handler;
  conversations: Conversations;
  records: Records;
  audit: Audit;
  bindings: Bindings;
  approvals: ApprovalDesk;
  projectAnswers: ProjectAnswers;
  agents: Agents;
  people: People;
  receiveWebhook: ReceiveWebhook;
  importRecords: ImportsApi["importRecords"];
  /** Told of every error that is our fault. */
  onFault(error: unknown): void;
  tools: readonly Tool[];
  /** Titles of sources whose tools are not known (yet). */
  lateFrom(): readonly string[];
  /** What a tool run outside a conversation may use. */
  toolContext(user: User, signal: AbortSignal): ToolContext;
  /** narrow: laid out for the width of a phone. */
  renderPng(spec: Readonly<Record<string, unknown>>, look: { theme: "light" | "dark"; narrow: boolean }): Promise<Buffer>;
  /** Signs chart paths. */
  secret: string;
  rateLimit: RateLimit;
  keys: Keys;
  signIn: SignIn;
  /** Sign-in with the company's account; absent where it is off. */
  oidc?: Oidc | undefined;
  /** Where people reach this deployment. */
  publicUrl: string | undefined;
  /** What readiness looks at; the first of another state than "ok" that is `required` makes it 503. */
  readiness(signal: AbortSignal): Promise<readonly (CheckResult & { required: boolean })[]>;
  /** The channels take messages. */
  started(): boolean;
  keepFeedback(feedback: Feedback): Promise<void>;
  /** What answers may use today: all of them, this person's, this door's. */
  budgets(user: User): Promise<BudgetStanding>;
  status(signal: AbortSignal): Promise<object>;
  metrics(): Promise<string>;
  now(): Date;
  newId(): string;
  version: string;
}
