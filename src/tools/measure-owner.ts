import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { sameName } from "./same-name.ts";

/**
 * The name of the one source that has the measure. Throws UserError when none has it, naming the near one, and when several do:
 * their meaning may differ, so they must be told apart.
 */
export async function ownerOf(measure: string, context: ToolContext): Promise<string> {
  const described = await Promise.all(
    context.feeds.map(async (feed) => ({ feed, about: await feed.describe(context.signal, "names").catch(() => undefined) })),
  );
  context.signal.throwIfAborted();
  const owners = described.filter(({ about }) => about?.measures.some((m) => sameName(m.name, measure)));
  if (owners.length === 1 && owners[0]) return owners[0].feed.name;
  if (owners.length > 1)
    throw new UserError(`${listWords(owners.map((o) => o.feed.name))} each have ${measure}. Say which one.`, {
      path: "dataset",
      suggestions: owners.map((o) => `${measure} in ${o.feed.name}`),
    });
  const all = [...new Set(described.flatMap(({ about }) => about?.measures.map((m) => m.name) ?? []))];
  const near = closest(measure, all);
  throw new UserError(
    `No dataset has a measure “${measure.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(all, 15) || "none"}.`,
    { path: "measure", suggestions: near ? [near] : [] },
  );
}
