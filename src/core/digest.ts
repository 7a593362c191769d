import type { Reply } from "./reply.ts";
import type { ToolContext } from "./tool.ts";

/** A report the bot sends by itself. */
export interface Digest {
  readonly name: string;
  readonly title: string;
  /** Default schedule: a cron pattern in the destination's time zone. */
  readonly schedule: string;
  /** null: nothing worth saying. Throws VendorError only when no part could be read. */
  compose(context: ToolContext): Promise<Reply | null>;
}
