import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VendorError } from "../../src/errors.ts";
import { createHashedEmbedder, type Embedder } from "../../src/knowledge/embed.ts";
import { createHostedEmbedder } from "../../src/knowledge/embed-hosted.ts";
import { createLocalEmbedder } from "../../src/knowledge/embed-local.ts";
import { createKnowledge, folderSource, type KnowledgeOptions, wikiSource } from "../../src/knowledge/index.ts";
import { pdf, put, temporary } from "./kit.ts";

const { signal } = new AbortController();

interface World {
  docs: string;
  index: string;
  clock: { at: number };
}

function world(): World {
  return { docs: temporary(), index: temporary(), clock: { at: Date.parse("2026-11-21T12:00:00Z") } };
}

function open({ docs, index, clock }: World, more: Partial<KnowledgeOptions> = {}) {
  return createKnowledge({ sources: [folderSource(docs)], folder: index, now: () => new Date(clock.at), ...more });
}

/** The built-in embeddings, counting the texts they are given. */
function counting(): Embedder & { made: number } {
  const inner = createHashedEmbedder();
  const counter = {
    ...inner,
    made: 0,
    async documents(texts: readonly string[], stop: AbortSignal) {
      counter.made += texts.length;
      return inner.documents(texts, stop);
    },
  };
  return counter;
}

const CRANES = "# Cranes\nHow a crane is parked.\n## Brakes\nThe brake of a crane is released by the green lever.\n";
const BOATS = "# Boats\n## Moor\nA boat is moored with two lines and a bowline knot.\n";

describe("the index", () => {
  test("makes vectors only for what changed, also in another process", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    const boats = put(w.docs, "port/boats.md", BOATS);
    const first = counting();
    await open(w, { embedder: first }).refresh(signal);
    writeFileSync(boats, `${BOATS}## Paint\nA hull is painted blue.\n`);
    const second = counting();

    const knowledge = open(w, { embedder: second });
    const state = await knowledge.refresh(signal);

    expect(first.made).toBe(3);
    expect(second.made).toBe(1);
    expect(state).toMatchObject({ passages: 4, problems: [] });
    expect((await knowledge.search({ query: "which colour has the hull, painted?" }, signal)).passages[0]?.headings).toEqual(["Paint"]);
  });

  test("forgets a deleted document, in memory and on disk", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    const boats = put(w.docs, "port/boats.md", BOATS);
    const knowledge = open(w);
    expect((await knowledge.search({ query: "bowline knot" }, signal)).covered).toBe(true);

    rmSync(boats);
    w.clock.at += 60_000;
    const after = await knowledge.search({ query: "bowline knot" }, signal);

    expect(after).toMatchObject({ covered: false, unknown: ["bowline", "knot"] });
    expect(after.passages.map((p) => p.document)).not.toContain("port/boats.md");
    expect(readdirSync(w.index)).toHaveLength(2);
    expect(filesBelow(w.index).some((text) => text.includes("bowline"))).toBe(false);
  });

  test("survives a crash at any step: half a generation and a damaged file are made anew", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    await open(w).refresh(signal);
    const current = readFileSync(join(w.index, "current"), "utf8").trim();
    put(w.index, "0a0a0a0a-1111-4222-8333-444444444444/index.json", '{"format":1,"docu');
    put(w.index, "current.0a0a0a0a-1111-4222-8333-444444444444", "0a0a0a0a-1111-4222-8333-444444444444");

    expect((await open(w).search({ query: "green lever brake" }, signal)).covered).toBe(true);

    writeFileSync(join(w.index, current, "index.json"), "{");
    expect((await open(w).search({ query: "green lever brake" }, signal)).covered).toBe(true);
    writeFileSync(join(w.index, "current"), "../../etc/passwd");
    expect((await open(w).search({ query: "green lever brake" }, signal)).covered).toBe(true);
    expect(readdirSync(w.index)).toHaveLength(2);
  });

  test("removes what a crash left beside a newer generation, words and all", async () => {
    const w = world();
    put(w.docs, "port/boats.md", BOATS);
    await open(w).refresh(signal);
    const left = put(w.index, "0a0a0a0a-1111-4222-8333-444444444444/index.json", BOATS);
    const past = new Date("2020-01-01T00:00:00Z");
    utimesSync(join(left, ".."), past, past);

    expect((await open(w).search({ query: "bowline knot" }, signal)).covered).toBe(true);
    expect(readdirSync(w.index)).toHaveLength(2);
  });

  test("shows a file's name without the characters nobody sees, and reads it all the same", async () => {
    const w = world();
    put(w.docs, "port/cra\u200bnes.md", CRANES);

    const { passages } = await open(w).search({ query: "green lever brake" }, signal);

    expect(passages[0]?.document).toBe("port/cranes.md");
  });

  test("tells how many passages are done where they are many", async () => {
    const w = world();
    put(w.docs, "port/long.md", Array.from({ length: 70 }, (_, i) => `## Crane ${i}\nCrane ${i} lifts ${i} tons.\n`).join(""));
    const seen: string[] = [];

    await open(w).refresh(signal, ({ done, total, document }) => seen.push(`${done}/${total} ${document}`));

    expect(seen).toEqual(["1/1 port/long.md", "64/70 passages", "70/70 passages"]);
  });

  test("finds the same without the native library", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    put(w.docs, "port/boats.md", BOATS);
    const query = "mooring a boat";

    const exact = await open(w, { exact: true, folder: temporary() }).search({ query }, signal);
    const usual = await open(w).search({ query }, signal);
    const state = await open(w, { exact: true, folder: temporary() }).refresh(signal);

    expect(state.vectors).toBe("exact");
    expect(exact.passages.map((p) => p.headings)).toEqual(usual.passages.map((p) => p.headings));
  });

  test("is made once for readers that come together, and goes on when one leaves", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    const embedder = counting();
    const knowledge = open(w, { embedder });
    const leaver = new AbortController();

    const left = knowledge.search({ query: "crane" }, leaver.signal);
    const others = Promise.all([1, 2, 3].map(() => knowledge.search({ query: "crane brake lever" }, signal)));
    leaver.abort(new Error("gone"));

    await expect(left).rejects.toThrow("gone");
    expect((await others).every((a) => a.covered)).toBe(true);
    expect(embedder.made).toBe(2);
  });

  test("tells progress, and lists what could not be read without losing the rest", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    put(w.docs, "port/locked.pdf", pdf(["x"], { locked: true }));
    put(w.docs, "port/empty.md", "");
    const seen: string[] = [];

    const state = await open(w).refresh(signal, ({ done, total, document }) => seen.push(`${done}/${total} ${document}`));

    expect(seen).toEqual(["1/3 port/cranes.md", "2/3 port/empty.md", "3/3 port/locked.pdf"]);
    expect(state.documents.map((d) => d.problem)).toEqual([undefined, "it is empty", expect.stringContaining("password")]);
  });

  test("tells who looks after it of a folder with nothing inside, and nobody who asks", async () => {
    const w = world();
    put(w.docs, "cranes.md", CRANES);
    const knowledge = open(w, { sources: [folderSource(w.docs, "folder 1"), folderSource(temporary(), "folder 2")] });

    expect((await knowledge.refresh(signal)).problems).toEqual(["folder 2 holds no document (markdown, text, PDF or Word)"]);
    expect((await knowledge.search({ query: "red lever" }, signal)).notes).toEqual([]);
  });

  test("says what to do when there is nothing to search", async () => {
    await expect(open(world()).search({ query: "x" }, signal)).rejects.toThrow(/no documents.*KNOWLEDGE_DIR/);
  });

  test("reads a file again only when its size or time changed", async () => {
    const w = world();
    const path = put(w.docs, "port/cranes.md", CRANES);
    await open(w).refresh(signal);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, CRANES.replace("green", "brown"));
    utimesSync(path, atime, mtime);

    expect((await open(w).search({ query: "brown lever" }, signal)).unknown).toEqual(["brown"]);
    utimesSync(path, atime, new Date(mtime.getTime() + 5_000));
    expect((await open(w).search({ query: "brown lever" }, signal)).covered).toBe(true);
  });
});

describe("pages of a wiki", () => {
  const pages = [{ id: "7", title: "Runbook", version: 1, url: "https://wiki.example/7" }];

  test("are cited with their address, and stay when the wiki is out of reach", async () => {
    const w = world();
    let down = false;
    const wiki = wikiSource({
      name: "Confluence",
      list: async () => {
        if (down) throw new VendorError("Confluence", "Confluence does not answer.");
        return { pages, demo: true };
      },
      markdown: async () => "## Restart\nRestart the gate with the yellow button.",
    });
    const knowledge = open(w, { sources: [wiki] });

    const found = await knowledge.search({ query: "restart the gate" }, signal);
    down = true;
    w.clock.at += 60_000;
    const later = await knowledge.search({ query: "restart the gate" }, signal);

    expect(found.passages[0]).toMatchObject({
      part: "wiki",
      title: "Runbook",
      headings: ["Restart"],
      url: "https://wiki.example/7",
      demo: true,
    });
    expect(later.covered).toBe(true);
    expect(later.notes).toEqual(["Confluence could not be read: Confluence does not answer."]);
  });
});

describe("hosted embeddings", () => {
  const vector = (text: string) => [text.includes("crane") || text.includes("hoist") ? 1 : 0, text.includes("boat") ? 1 : 0, 0.1];

  test("are used by their order, and an outage leaves the search by words", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    put(w.docs, "port/boats.md", BOATS);
    let down = false;
    const embedder = createHostedEmbedder("m-1", async ({ model, input }) => {
      if (down) throw new VendorError("Embeddings", "The service does not answer.");
      expect(model).toBe("m-1");
      return { data: input.map((text, index) => ({ index, embedding: vector(text) })).reverse() };
    });

    const found = await open(w, { embedder }).search({ query: "hoist" }, signal);
    down = true;
    const words = await open(w, { embedder }).search({ query: "bowline knot" }, signal);

    expect(found.passages[0]?.title).toBe("Cranes");
    expect(words.covered).toBe(true);
    expect(words.notes).toEqual(["searched by words alone: The service does not answer."]);
  });

  test("that fail while indexing are made up for later", async () => {
    const w = world();
    put(w.docs, "port/cranes.md", CRANES);
    let down = true;
    const embedder = createHostedEmbedder("m-1", async ({ input }) => {
      if (down) throw new VendorError("Embeddings", "The service does not answer.");
      return { data: input.map((text) => ({ embedding: vector(text) })) };
    });

    const without = await open(w, { embedder }).refresh(signal);
    down = false;
    const then = await open(w, { embedder }).search({ query: "hoist" }, signal);

    expect(without.problems).toEqual(["The service does not answer."]);
    expect(then.passages[0]?.title).toBe("Cranes");
  });

  test("that answer with something else are refused", async () => {
    const embedder = createHostedEmbedder("m-1", async () => ({ data: [{ embedding: [] }] }));

    await expect(embedder.documents(["x"], signal)).rejects.toThrow(/another answer than vectors/);
  });
});

describe("embeddings of a local model", () => {
  test("are read from a folder and nothing is downloaded", async () => {
    const env = { allowRemoteModels: true, localModelPath: "" };
    const embedder = createLocalEmbedder("/models/mini", async () => ({
      env,
      pipeline: async (_task, model) => {
        expect(model).toBe("mini");
        return async (texts) => ({ dims: [texts.length, 2], data: Float32Array.from(texts.flatMap(() => [3, 4])) });
      },
    }));

    const [vector] = await embedder.documents(["a", "b"], signal);

    expect([...(vector ?? [])].map((v) => v.toFixed(1))).toEqual(["0.6", "0.8"]);
    expect(env).toEqual({ allowRemoteModels: false, localModelPath: "/models" });
  });

  test("say what to install when the package is not there", async () => {
    await expect(createLocalEmbedder("/models/mini").documents(["a"], signal)).rejects.toThrow(/not installed/);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), "utf8")] : [],
  );
}
