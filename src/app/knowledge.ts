import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Config } from "../config/index.ts";
import type { CheckResult, ConnectContext } from "../core/integration.ts";
import type { Knowledge, SkillShelf } from "../core/knowledge.ts";
import { ConfigError, explainError } from "../errors.ts";
import type { ConfluenceConnection } from "../integrations/confluence/connection.ts";
import type { Embedder, WikiPages } from "../knowledge/index.ts";
import type { Connections } from "./connections.ts";

/** What was written down: documents to search, and ways of working. */
export interface Library {
  knowledge: Knowledge;
  skills: SkillShelf;
  /** What is wrong with a skill, in words for whoever looks after them: "cost-reveiw: it has no header …". */
  skillProblems(): Promise<readonly string[]>;
}

interface LibraryOptions {
  config: Config;
  connections: Connections;
  context: ConnectContext;
}

const SHIPPED = fileURLToPath(new URL("../../", import.meta.url));

/** Nothing is loaded or read before the first question. Throws ConfigError for embeddings that are half set up. */
export function openLibrary(options: LibraryOptions): Library {
  const { config } = options;
  const { EMBEDDINGS: kind, EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: model } = config.core;
  if (kind === "hosted" && !(url && model)) throw new ConfigError(["EMBEDDINGS is hosted: set EMBEDDINGS_URL and EMBEDDINGS_MODEL too."]);
  if (kind === "local" && !model) throw new ConfigError(["EMBEDDINGS is local: set EMBEDDINGS_MODEL to the folder of a sentence model."]);
  let knowledge: Promise<Knowledge> | undefined;
  const opened = () => {
    knowledge ??= openKnowledge(options);
    knowledge.catch(() => {
      knowledge = undefined;
    });
    return knowledge;
  };
  const skillFolders = [join(SHIPPED, "skills"), ...foldersIn(config.core.SKILLS_DIR, config.baseDir)];
  const skillsNow = async () => (await import("../skills/index.ts")).readSkills(skillFolders);
  return {
    knowledge: {
      search: async (question, signal) => (await opened()).search(question, signal),
      refresh: async (signal, onProgress) => (await opened()).refresh(signal, onProgress),
    },
    skills: { list: async () => (await skillsNow()).skills },
    skillProblems: async () => (await skillsNow()).problems.map(({ folder, message }) => `${folder}: ${message}`),
  };
}

/** What doctor says of documents and skills. Never throws. */
export async function libraryChecks(library: Library, signal: AbortSignal): Promise<CheckResult[]> {
  return [...(await documentChecks(library, signal)), ...(await skillChecks(library))];
}

async function skillChecks({ skillProblems }: Library): Promise<CheckResult[]> {
  const wrong = await skillProblems().catch((error: unknown) => [explainError(error)]);
  if (wrong.length === 0) return [];
  const message = `${wrong.slice(0, 3).join("; ")}${wrong.length > 3 ? `; and ${wrong.length - 3} more` : ""}`;
  return [{ name: "skills", state: "warning", message, fix: "Mend the SKILL.md of that folder in SKILLS_DIR." }];
}

async function documentChecks({ knowledge, skills }: Library, signal: AbortSignal): Promise<CheckResult[]> {
  try {
    const { documents, passages, embeddings, vectors, problems } = await knowledge.refresh(signal);
    const unread = documents.filter((d) => d.problem);
    const wrong = [...problems, ...unread.map((d) => `${d.document}: ${d.problem}`)];
    const count = (await skills.list()).length;
    const message = `${documents.length - unread.length} documents, ${passages} passages (${embeddings}, ${vectors}); ${count} skills`;
    if (wrong.length === 0) return [{ name: "knowledge", state: "ok", message }];
    return [
      {
        name: "knowledge",
        state: "warning",
        message: `${message}; not searched: ${wrong.slice(0, 3).join("; ")}`,
        fix: "Mend or remove them, then run firstmate knowledge index.",
      },
    ];
  } catch (error) {
    return [
      { name: "knowledge", state: "failed", message: explainError(error), fix: "Run firstmate knowledge index and do what it says." },
    ];
  }
}

async function openKnowledge({ config, connections, context }: LibraryOptions): Promise<Knowledge> {
  const { createKnowledge, folderSource, wikiSource } = await import("../knowledge/index.ts");
  const own = foldersIn(config.core.KNOWLEDGE_DIR, config.baseDir);
  const wiki = wikiOf(connections);
  return createKnowledge({
    sources: [
      folderSource(join(SHIPPED, "knowledge"), "shipped"),
      ...own.map((folder, i) => folderSource(folder, `folder ${i + 1} of KNOWLEDGE_DIR`)),
      ...(wiki ? [wikiSource(wiki)] : []),
    ],
    folder: join(resolve(config.baseDir, config.core.DATA_DIR), context.demoOrigins?.length ? "knowledge-demo" : "knowledge"),
    embedder: await embedderOf(config, context),
    now: context.now,
  });
}

async function embedderOf({ core }: Config, context: ConnectContext): Promise<Embedder> {
  if (core.EMBEDDINGS === "local") {
    const { createLocalEmbedder } = await import("../knowledge/embed-local.ts");
    return createLocalEmbedder(core.EMBEDDINGS_MODEL ?? "");
  }
  if (core.EMBEDDINGS === "hosted") {
    const { createHostedEmbedder } = await import("../knowledge/embed-hosted.ts");
    const { createVendorHttp } = await import("../integrations/http.ts");
    const headers = core.EMBEDDINGS_KEY ? { authorization: `Bearer ${core.EMBEDDINGS_KEY}` } : {};
    const names = { credentials: "EMBEDDINGS_KEY", address: "EMBEDDINGS_URL" };
    const http = createVendorHttp({ vendor: "Embeddings", baseUrl: core.EMBEDDINGS_URL ?? "", context, headers, ...names });
    return createHostedEmbedder(core.EMBEDDINGS_MODEL ?? "", (body, signal) =>
      http.json({ method: "POST", path: "", body, safe: true, operation: "embed" }, z.unknown(), signal),
    );
  }
  const { createHashedEmbedder } = await import("../knowledge/embed.ts");
  return createHashedEmbedder();
}

function wikiOf(connections: Connections): WikiPages | undefined {
  const found = connections.find(({ integration }) => integration.name === "confluence")?.connection as ConfluenceConnection | undefined;
  if (!found?.wiki) return undefined;
  const { wiki } = found;
  return {
    name: "Confluence",
    async list(signal) {
      const { value, status } = await wiki.listPages(signal);
      return { pages: value.items, demo: status === "demo" };
    },
    markdown: (id, signal) => wiki.pageMarkdown(id, signal),
  };
}

/** "docs, /srv/handbook" → folders, relative ones from where the settings are. */
function foldersIn(setting: string | undefined, baseDir: string): string[] {
  const names = (setting ?? "").split(",").map((name) => name.trim());
  return names.filter(Boolean).map((name) => (isAbsolute(name) ? name : resolve(baseDir, name)));
}
