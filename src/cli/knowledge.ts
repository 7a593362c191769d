import type { KnowledgeState } from "../core/knowledge.ts";
import { plainWords } from "../core/text.ts";
import { citationOf } from "../tools/passages.ts";
import { knowledgeOf } from "../tools/search-knowledge.ts";
import type { App } from "./app.ts";
import { readArguments } from "./arguments.ts";
import { type Command, type World, WrongUse } from "./command.ts";

/** The documents that answers quote from. */
export const knowledge: Command = {
  name: "knowledge",
  usage: "index | search QUESTION [--part PART] [--json] [--demo]",
  summary: "Index the documents of the knowledge folders and the wiki, or search them",
  details: [
    "index   reads what is new or changed, forgets what is gone, and lists what could not be read",
    "search  prints the passages an answer would quote",
    "--part  only this part: ewm, business-analyst, developer, support, wiki, or a folder of your own",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      part: { type: "string" },
      json: { type: "boolean" },
      demo: { type: "boolean" },
    });
    const [action, ...words] = positionals;
    const question = words.join(" ").trim();
    if (action !== "index" && action !== "search") throw new WrongUse("Say index or search.");
    if (action === "search" && question === "") throw new WrongUse("Say what to search for.");
    const app = await world.open({ demo: values.demo ?? false });
    try {
      return action === "index" ? await index(app, world, values.json ?? false) : await search(app, world, question, values);
    } finally {
      await app.close();
    }
  },
};

async function index(app: App, world: World, json: boolean): Promise<number> {
  const context = app.toolContext(app.localUser, world.stop);
  const state = await knowledgeOf(context).refresh(world.stop, ({ done, total, document }) => {
    if (!json && process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${done} of ${total}: ${plainWords(document).slice(0, 80)}${done === total ? "\n" : ""}`);
  });
  world.out(json ? JSON.stringify(state, null, 2) : stateText(state));
  return state.problems.length > 0 ? 1 : 0;
}

function stateText({ documents, passages, embeddings, vectors, problems }: KnowledgeState): string {
  const parts = Map.groupBy(documents, (d) => d.part);
  const unread = documents.filter((d) => d.problem);
  return [
    `${documents.length - unread.length} documents, ${passages} passages (${embeddings}, ${vectors})`,
    ...[...parts].map(([part, some]) => `  ${part}: ${some.length} documents, ${some.reduce((sum, d) => sum + d.passages, 0)} passages`),
    ...unread.map((d) => `not searched: ${plainWords(d.document)}: ${d.problem}`),
    ...problems,
  ].join("\n");
}

async function search(app: App, world: World, query: string, options: { part?: string; json?: boolean }): Promise<number> {
  const context = app.toolContext(app.localUser, world.stop);
  const answer = await knowledgeOf(context).search({ query, ...(options.part ? { part: options.part } : {}) }, world.stop);
  if (options.json) world.out(JSON.stringify(answer, null, 2));
  else {
    world.out(answer.covered ? "" : "The knowledge does not say. Nearest:\n");
    for (const [i, passage] of answer.passages.entries()) world.out(`[${i + 1}] ${citationOf(passage)}\n${passage.text}\n`);
    for (const note of answer.notes) world.out(`(${note})`);
  }
  return 0;
}
