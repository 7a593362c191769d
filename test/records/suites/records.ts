import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/records/audit.ts";
import { createBindings } from "../../../src/records/bindings.ts";
import { readCursor } from "../../../src/records/cursor.ts";
import { executions, leaseFrom, returnLost } from "../../../src/records/executions.ts";
import { initiatives } from "../../../src/records/initiatives.ts";
import { pipelines } from "../../../src/records/pipelines.ts";
import { projects } from "../../../src/records/projects.ts";
import { type Asker, createRecords, type Outcome } from "../../../src/records/record-store.ts";
import type { Resource, StoredRecord } from "../../../src/records/resource.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

const admin: Asker = { id: "key:admin", sight: "all" };
const projectKind = projects as unknown as Resource;
const executionKind = executions as unknown as Resource;
const pipelineKind = pipelines as unknown as Resource;
const initiativeKind = initiatives as unknown as Resource;

export function recordsSuite(store: StoreUnderTest): void {
  const open = () => {
    const records = createRecords(
      store.database,
      () => store.now(),
      () => store.unique("record"),
    );
    return { records, audit: createAudit(store.database, () => store.now()), bindings: createBindings(store.database, () => store.now()) };
  };
  const made = (outcome: Outcome): StoredRecord => {
    if (outcome.state !== "done" && outcome.state !== "repeated") throw new Error(JSON.stringify(outcome));
    return outcome.record;
  };
  const project = async (fields: object = {}) =>
    made(await open().records.create(projectKind, { name: store.unique("Atlas"), ...fields }, admin));
  const set = (fields: object) => ({ action: "update", apply: (data: object) => ({ ...data, ...fields }) });

  describe("records", () => {
    it("are kept as they were given, and every change is in the audit log", async () => {
      const { records, audit } = open();
      const name = store.unique("Čajka 🚀");
      const created = made(await records.create(projectKind, { name, budget: { amount: 12.5, currency: "EUR", period: "month" } }, admin));

      const changed = made(await records.change(projectKind, created.id, set({ owner: "Ada" }), admin));

      expect(changed).toMatchObject({ id: created.id, version: 2, createdBy: "key:admin", archivedAt: null });
      expect(changed.data).toEqual({ name, owner: "Ada", budget: { amount: 12.5, currency: "EUR", period: "month" } });
      expect(await records.get(projectKind, created.id, "all")).toEqual(changed);
      const lines = (await audit.list(50)).filter(({ target }) => target === created.id);
      expect(lines.map(({ action, detail }) => [action, detail])).toEqual([
        ["update project", { changes: { owner: { from: null, to: "Ada" } } }],
        ["create project", { fields: created.data }],
      ]);
    });

    it("stay the same, without a line in the log, when a change changes nothing", async () => {
      const { records, audit } = open();
      const { id, data } = await project();
      const before = (await audit.list(1))[0]?.seq;

      expect(made(await records.change(projectKind, id, set({ ...data }), admin)).version).toBe(1);

      expect((await audit.list(1))[0]?.seq).toBe(before);
    });

    it("refuse a change of a version that is no more", async () => {
      const { records } = open();
      const { id } = await project();
      await records.change(projectKind, id, set({ owner: "Ada" }), admin);

      expect(await records.change(projectKind, id, { ...set({ owner: "Ben" }), version: 1 }, admin)).toEqual({
        state: "stale",
        version: 2,
      });
      expect((await records.get(projectKind, id, "all"))?.data.owner).toBe("Ada");
    });

    it("take one of many changes at once that were made from the same version", async () => {
      const { records } = open();
      const { id } = await project();

      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, n) => records.change(projectKind, id, { ...set({ owner: `Owner ${n}` }), version: 1 }, admin)),
      );

      expect(outcomes.map(({ state }) => state).toSorted()).toEqual(["done", ...Array(7).fill("stale")]);
      expect((await records.get(projectKind, id, "all"))?.version).toBe(2);
    });

    it("keep names unique among those that are not archived, whatever the case", async () => {
      const { records } = open();
      const first = await project();
      const name = String(first.data.name);
      const again = () => records.create(projectKind, { name: name.toUpperCase() }, admin);

      expect(await again()).toMatchObject({ state: "conflict", path: "name" });
      const other = await project();
      expect(await records.change(projectKind, other.id, set({ name }), admin)).toMatchObject({ state: "conflict", path: "name" });

      expect(made(await records.setArchived(projectKind, first.id, true, admin)).archivedAt).toBeInstanceOf(Date);
      expect(made(await again()).id).not.toBe(first.id);
      expect(await records.setArchived(projectKind, first.id, false, admin)).toMatchObject({ state: "conflict", path: "name" });
      expect(await records.change(projectKind, first.id, set({ owner: "Ada" }), admin)).toMatchObject({ state: "conflict" });
    });

    it("make one of many requests with the same key, and refuse the key for another request", async () => {
      const { records } = open();
      const fields = { name: store.unique("Key") };
      const key = store.unique("key");

      const outcomes = await Promise.all([1, 2, 3, 4].map(() => records.create(projectKind, fields, admin, key)));

      expect(outcomes.map(({ state }) => state).toSorted()).toEqual(["done", "repeated", "repeated", "repeated"]);
      expect(new Set(outcomes.map((outcome) => made(outcome).id)).size).toBe(1);
      expect(await records.create(projectKind, { name: store.unique("Key") }, admin, key)).toMatchObject({ state: "wrong" });
      const another = await records.create(projectKind, { name: store.unique("Key") }, { id: "key:2", sight: "all" }, key);
      expect(another.state).toBe("done");
    });

    it("are listed newest first, page by page, each once", async () => {
      const { records } = open();
      const { id } = await project();
      const ids: string[] = [];
      for (let n = 0; n < 7; n++)
        ids.unshift(
          made(await records.create(initiativeKind, { title: `Step ${n}`, priority: "low", status: "planned", projectId: id }, admin)).id,
        );

      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await records.list(initiativeKind, { limit: 3, project: id, ...(after ? { after: readCursor(after) } : {}) }, "all");
        seen.push(...page.records.map((record) => record.id));
        after = page.next;
      } while (after);

      expect(seen).toEqual(ids);
    });

    it("are listed by status, project and time, with or without archived ones", async () => {
      const { records } = open();
      const { id } = await project();
      const make = (status: string) => records.create(initiativeKind, { title: "Step", priority: "low", status, projectId: id }, admin);
      const [planned, done] = [made(await make("planned")), made(await make("done"))];
      await records.setArchived(initiativeKind, done.id, true, admin);
      const ids = async (query: object) =>
        (await records.list(initiativeKind, { limit: 10, project: id, ...query }, "all")).records.map((record) => record.id);

      expect(await ids({})).toEqual([planned.id]);
      expect(await ids({ archived: "yes" })).toEqual([done.id]);
      expect(await ids({ archived: "all" })).toEqual([done.id, planned.id]);
      expect(await ids({ archived: "all", status: "done" })).toEqual([done.id]);
      expect(await ids({ archived: "all", to: planned.createdAt.toISOString() })).toEqual([planned.id]);
      expect(await ids({ archived: "all", from: done.createdAt.toISOString() })).toEqual([done.id]);
    });

    it("of a project with members exist for its members, its owner and admins alone", async () => {
      const { records } = open();
      const { id } = await project({ members: ["slack:T1:U1", "Ada@Acme.example"], owner: "ben@acme.example" });
      const fields = { title: "Secret", priority: "low", status: "planned", projectId: id };
      const step = made(await records.create(initiativeKind, fields, admin));
      const sees = async (...names: string[]) => {
        const found = [await records.get(projectKind, id, names), await records.get(initiativeKind, step.id, names)];
        const listed = (await records.list(initiativeKind, { limit: 10, project: id }, names)).records.length;
        expect(found.every((one) => one !== null)).toBe(found.some((one) => one !== null));
        expect(listed === 1).toBe(found[0] !== null);
        return found[0] !== null;
      };

      for (const name of ["slack:t1:u1", "ada@acme.example", "ben@acme.example"]) expect(await sees("nobody", name), name).toBe(true);
      expect(await sees("slack:t1:u2", "ada")).toBe(false);
      expect(await sees()).toBe(false);
      const stranger: Asker = { id: "key:x", sight: ["key:x"] };
      expect(await records.change(projectKind, id, set({ owner: "me" }), stranger)).toEqual({ state: "missing" });
      expect(await records.setArchived(projectKind, id, true, stranger)).toEqual({ state: "missing" });
      expect(await records.create(initiativeKind, fields, stranger)).toMatchObject({ state: "wrong", path: "projectId" });

      await records.change(projectKind, id, { action: "update", apply: ({ members: _, ...rest }: Record<string, unknown>) => rest }, admin);
      expect(await sees("slack:t1:u2")).toBe(true);
    });

    it("refuse to belong to what is not there", async () => {
      const { records } = open();
      const fields = { title: "Step", priority: "low", status: "planned" };

      for (const field of ["projectId", "accountId"])
        expect(await records.create(initiativeKind, { ...fields, [field]: "none" }, admin)).toMatchObject({ state: "wrong", path: field });
    });
  });

  describe("executions", () => {
    const work = async (agent: string) => made(await open().records.create(executionKind, { agent, task: "Tidy up" }, admin));

    it("go from queued to running to an end, and note when", async () => {
      const { records } = open();
      const { id, data } = await work(store.unique("agent"));
      expect(data).toMatchObject({ status: "queued" });

      const running = made(await records.change(executionKind, id, set({ status: "running" }), admin));
      const ended = made(await records.change(executionKind, id, set({ status: "completed", result: { files: 3 } }), admin));

      expect(running.data.startedAt).toEqual(expect.any(String));
      expect(running.derived).toEqual({ durationMs: null });
      expect(ended.data).toMatchObject({ status: "completed", result: { files: 3 }, finishedAt: expect.any(String) });
      expect(ended.derived.durationMs).toBeGreaterThan(0);
    });

    it("take no step that is not on the way", async () => {
      const { records } = open();
      const { id } = await work(store.unique("agent"));
      const step = async (status: string) => (await records.change(executionKind, id, set({ status }), admin)).state;

      for (const status of ["completed", "failed"]) expect(await step(status)).toBe("conflict");
      expect(await step("running")).toBe("done");
      expect(await step("failed")).toBe("done");
      for (const status of ["queued", "running", "completed"]) expect(await step(status)).toBe("conflict");
      expect((await records.get(executionKind, id, "all"))?.data.status).toBe("failed");
      const begun = await records.create(executionKind, { agent: "a", task: "t", status: "running" }, admin);
      expect(begun).toMatchObject({ state: "conflict", path: "status" });
    });

    it("of a worker that is not heard of are queued again, and fail the third time", async () => {
      const { records } = open();
      const agent = store.unique("agent");
      const { id } = await work(agent);
      const [begun, later] = [new Date("2026-11-20T09:00:00Z"), new Date("2026-11-20T09:10:00Z")];
      const take = () =>
        records.take(
          executionKind,
          { from: "queued", to: "running", also: leaseFrom(begun, 600), only: { field: "agent", value: agent } },
          admin,
        );
      const dataAfter = async (now: Date) => {
        await returnLost(records, now);
        return (await records.get(executionKind, id, "all"))?.data;
      };

      const first = await take();
      expect(first?.data).toMatchObject({ attempts: 1, leaseUntil: later.toISOString() });
      expect((await dataAfter(begun))?.status).toBe("running");
      const back = await dataAfter(later);
      expect(back).toMatchObject({ status: "queued", attempts: 1 });
      expect(Object.keys(back ?? {})).not.toContain("startedAt");

      expect((await take())?.data.attempts).toBe(2);
      const tooLate = await records.change(executionKind, id, { ...set({ status: "completed" }), version: first?.version }, admin);
      expect(tooLate.state).toBe("stale");
      await dataAfter(later);
      await take();
      expect(await dataAfter(later)).toMatchObject({ status: "failed", attempts: 3, error: expect.stringContaining("3 times") });
      expect(await take()).toBeNull();
    });

    it("are found behind many of other agents, by the whole name alone", async () => {
      const { records } = open();
      const [agent, others] = [store.unique('50%_"a\\gent'), store.unique("others")];
      for (let n = 0; n < 55; n++) await records.create(executionKind, { agent: others, task: `for ${agent}`, input: { agent } }, admin);
      const { id } = await work(agent);
      const step = { from: "queued", to: "running", only: { field: "agent", value: agent } };

      expect((await records.take(executionKind, step, admin))?.id).toBe(id);
      expect(await records.take(executionKind, step, admin)).toBeNull();
    });

    it("that are given back may be taken again; what began without a lease is left alone", async () => {
      const { records } = open();
      const agent = store.unique("agent");
      const { id } = await work(agent);

      await records.change(executionKind, id, set({ status: "running" }), admin);
      await returnLost(records, new Date("2100-01-01T00:00:00Z"));
      expect((await records.get(executionKind, id, "all"))?.data.status).toBe("running");
      await records.change(executionKind, id, set({ status: "queued" }), admin);

      const step = { from: "queued", to: "running", only: { field: "agent", value: agent } };
      expect((await records.take(executionKind, step, admin))?.data).toMatchObject({ attempts: 2 });
    });

    it("are taken oldest first, each by one of many", async () => {
      const { records } = open();
      const agent = store.unique("agent");
      const ids = [];
      for (let n = 0; n < 5; n++) ids.push((await work(agent)).id);
      const step = { from: "queued", to: "running", only: { field: "agent", value: agent } };

      const first = await records.take(executionKind, step, admin);
      const rest = await Promise.all([1, 2, 3, 4, 5].map(() => records.take(executionKind, step, admin)));

      expect(first?.id).toBe(ids[0]);
      expect(first?.data.status).toBe("running");
      expect(
        rest
          .filter((taken) => taken !== null)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids.slice(1).toSorted());
      expect(rest.filter((taken) => taken === null).length).toBe(1);
    });
  });

  describe("pipelines", () => {
    it("are changed when their sender sends them again", async () => {
      const { records } = open();
      const externalId = store.unique("run");
      const first = made(await records.create(pipelineKind, { externalId, repository: "acme/web", status: "running" }, admin));

      const again = made(
        await records.create(pipelineKind, { externalId, repository: "acme/web", status: "success", coverage: 81 }, admin),
      );

      expect(again).toMatchObject({ id: first.id, version: 2, data: { status: "success", coverage: 81 } });
    });
  });

  describe("a place bound to a project", () => {
    it("is about it with all its threads, until it is bound elsewhere or let go", async () => {
      const { bindings } = open();
      const [atlas, borealis] = [await project(), await project()];
      const place = `slack:T1:${store.unique("C")}`;

      expect(await bindings.projectOf(`${place}:1700.1`)).toBeNull();
      expect(await bindings.bind(place, atlas.id, "key:1")).toBe("bound");
      expect(await bindings.projectOf(`${place}:1700.1`)).toBe(atlas.id);
      expect(await bindings.projectOf(place)).toBe(atlas.id);
      expect(await bindings.projectOf(`${place}9:1700.1`)).toBeNull();

      await bindings.bind(`${place}:1700.1`, borealis.id, "key:1");
      expect(await bindings.projectOf(`${place}:1700.1`)).toBe(borealis.id);
      expect(await bindings.projectOf(`${place}:1700.2`)).toBe(atlas.id);
      expect(await bindings.list(atlas.id)).toMatchObject([{ place, project: atlas.id, boundBy: "key:1" }]);

      expect(await bindings.unbind(place, "key:1")).toBe(true);
      expect(await bindings.unbind(place, "key:1")).toBe(false);
      expect(await bindings.projectOf(`${place}:1700.2`)).toBeNull();
    });

    it("is refused to a project that is not there or archived", async () => {
      const { bindings, records } = open();
      const { id } = await project();
      await records.setArchived(projectKind, id, true, admin);

      expect(await bindings.bind("slack:T1:C9", id, "key:1")).toBe("missing");
      expect(await bindings.bind("slack:T1:C9", "none", "key:1")).toBe("missing");
    });
  });
}
