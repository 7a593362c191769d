import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Asker, EvalFile, Mode } from "../eval/index.ts";
import { readArguments } from "./arguments.ts";
import { askOnce } from "./ask.ts";
import { type Command, type World, WrongUse } from "./command.ts";

const MODES: readonly Mode[] = ["deterministic", "scripted", "model"];
const CASES = fileURLToPath(new URL("../../eval", import.meta.url));

export const evaluation: Command = {
  name: "eval",
  usage: "[--agent deterministic|scripted|model] [--only WORD] [--cases DIR] [--at-least SHARE] [--json] [--whole]",
  summary: "Ask the evaluation's questions and score the answers",
  details: [
    "Each question is asked of a world whose true figures are known; nobody judges but code.",
    "--agent     who answers: without a model (default), a model that plays the cases' scripts, or the real one (needs ANTHROPIC_API_KEY)",
    "--only      cases or files whose name holds the word",
    "--cases     a folder with other cases",
    "--at-least  the accuracy below which it fails, 0 to 1; default 0.8",
    "--json      print the report as JSON",
    "--whole     print missed answers whole",
  ],
  async run(args, world) {
    const { values, positionals } = readArguments(args, {
      agent: { type: "string", default: "deterministic" },
      only: { type: "string" },
      cases: { type: "string", default: CASES },
      "at-least": { type: "string", default: "0.8" },
      json: { type: "boolean" },
      whole: { type: "boolean" },
    });
    const mode = MODES.find((known) => known === values.agent);
    const least = Number(values["at-least"]);
    if (!mode) throw new WrongUse(`There is no agent “${values.agent}”. There is ${MODES.join(", ")}.`);
    if (!(least >= 0 && least <= 1)) throw new WrongUse("--at-least is a share from 0 to 1.");
    if (positionals.length > 0) throw new WrongUse(`“${positionals[0]}” stands alone. Each value needs its option before it.`);
    const { evaluate, loadCases, modelNeeds, reportText } = await import("../eval/index.ts");
    const files = only(await loadCases(values.cases), values.only);
    const model = mode === "model" ? await realModel((name) => modelNeeds(files, name, new Date().toISOString().slice(0, 10))) : {};
    const report = await evaluate({
      mode,
      files,
      open: (file, modelUrl) => openWorld(world, file, modelUrl ? scriptedModel(modelUrl) : model),
      now: () => new Date(),
      clock: () => performance.now(),
      signal: world.stop,
    });
    world.out(values.json ? JSON.stringify(report, null, 2) : reportText(report, values.whole ?? false));
    return report.accuracy >= least ? 0 : 1;
  },
};

function only(files: readonly EvalFile[], word: string | undefined): EvalFile[] {
  if (word === undefined) return [...files];
  return files
    .map((file) => (file.name.includes(word) ? file : { ...file, cases: file.cases.filter(({ id }) => id.includes(word)) }))
    .filter(({ cases }) => cases.length > 0);
}

/** The model as it is set up here; the sources of the environment stay out. Throws WrongUse without a key, with what the run would take. */
async function realModel(needs: (model: string) => string): Promise<Record<string, string>> {
  const { loadConfig, processSources } = await import("../config/index.ts");
  const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, MODEL } = (await loadConfig(processSources(), [])).core;
  if (!ANTHROPIC_API_KEY) throw new WrongUse(`The real model needs ANTHROPIC_API_KEY. ${needs(MODEL)}`);
  return { ANTHROPIC_API_KEY, MODEL, ...(ANTHROPIC_BASE_URL ? { ANTHROPIC_BASE_URL } : {}) };
}

function scriptedModel(url: string): Record<string, string> {
  return { ANTHROPIC_API_KEY: "sk-ant-scripted", ANTHROPIC_BASE_URL: url };
}

/** The application over the file's world alone, in a folder of its own that goes with it. */
async function openWorld(world: World, file: EvalFile, settings: Record<string, string>): Promise<Asker> {
  const folder = await mkdtemp(join(tmpdir(), "firstmate-eval-"));
  const datasets = typeof file.world === "string" ? {} : await writeFiles(folder, file.world);
  const overrides = { DATA_DIR: folder, TIME_ZONE: "UTC", DAILY_TOKENS: "100000000", ...file.settings, ...datasets, ...settings };
  const app = await world.open({ demo: file.world === "demo", alone: true, overrides });
  return {
    ask: (question, conversation, signal) => askOnce(app, question, signal, conversation),
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `datasets.yaml` among them describes the others. */
async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  await mkdir(join(folder, "files"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, "files", name), text);
  return { DATASETS: join(folder, "files", "datasets.yaml") };
}
