import type { Reply } from "../core/reply.ts";
import { listWords } from "../core/text.ts";
import type { Sources } from "../core/tool.ts";

/** The project a place is bound to, or its asker chose. */
export interface Scope {
  /** Id. */
  project: string;
  name: string;
  /** Narrowed to the project. */
  feeds: Sources["feeds"];
  /** Tools that read a source beside its feeds: what they say is of everything. */
  whole: ReadonlySet<string>;
  /** The asker chose it for this question. */
  chosen?: true;
}

/** Says at an answer with figures that they are of one project alone, and which are not. */
export function noteScope(reply: Reply, scope: Scope | null): Reply {
  const ran = [...new Set((reply.turn?.tools ?? []).map(({ name }) => name))];
  if (!scope || !reply.final || ran.length === 0 || !reply.receipts?.length) return reply;
  const beside = ran.filter((name) => scope.whole.has(name));
  const why = scope.chosen ? "as you chose" : "which this place is bound to";
  const words =
    beside.length === 0
      ? `Narrowed to project ${scope.name}, ${why}.`
      : `${scope.chosen ? "You chose" : "This place is bound to"} project ${scope.name}, but ${listWords(beside)} cannot be narrowed to it.`;
  return { ...reply, notice: reply.notice ? `${reply.notice} ${words}` : words };
}
