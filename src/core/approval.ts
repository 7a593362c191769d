import type { User } from "./message.ts";
import type { Finding, Tool, ToolContext } from "./tool.ts";

/**
 * The one way to a write. Doors and agents hold tools that only propose; what really runs is known to the desk alone,
 * and the desk runs it once, when a person has approved those very arguments in time.
 */
export interface ApprovalDesk {
  /** The tool as everyone else gets it: a write that, when run, changes nothing and gives a card to approve. Reads stay as they are. */
  guard(tool: Tool): Tool;
  /** Approves and runs, or rejects. Never throws for what a person, a source or a tool did. */
  decide(id: string, verdict: Verdict, by: Decider): Promise<Decided>;
  /** What waits for this person, newest first; with a conversation that of it alone. */
  waiting(user: User, conversation?: string): Promise<readonly WaitingApproval[]>;
}

export type Verdict = "approve" | "reject";

export interface Decider {
  context: ToolContext;
  /** Where the decision was made; absent over REST, where a key has a person's name. */
  conversation?: string;
}

/** unknown: there is no such approval for this person. refused: nothing was done and nothing changed, `text` says why. */
export interface Decided {
  state: "done" | "failed" | "rejected" | "refused" | "unknown";
  /** Product text. */
  text: string;
  /** The write as it ran. */
  call?: { name: string; input: Readonly<Record<string, unknown>> };
  finding?: Finding;
  /** What its card shows from now on; absent while it still waits. */
  card?: Pick<WaitingApproval, "id" | "title" | "lines" | "expiresAt"> & { outcome: string };
}

export interface WaitingApproval {
  id: string;
  tool: string;
  title: string;
  lines: readonly string[];
  user: string;
  createdAt: Date;
  expiresAt: Date;
}
