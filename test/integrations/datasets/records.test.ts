import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const signal = new AbortController().signal;
const CUSTOMERS = `id,name,plan,mrr,started,cancelled,note
C-1,Acme,Basic,100.5,2025-01-31,,"fine, so far"
C-2,"Böttcher | Söhne",Pro,,2025-02-01,2026-03-04T10:00:00Z,
,nobody,Pro,1,2025-02-02,,
C-3,Cargo,,7,,,x
`;
const DESCRIPTION = `datasets:
  - name: customers
    source: customers.csv
    time: started
    measures: [{ name: mrr, unit: currency, currency: EUR }]
    dimensions: [plan]
    records: { id: id, title: name, text: note, times: { ended: cancelled } }
    feed: customers
`;

describe("rows one by one", () => {
  it("give what each has, and nothing for what it lacks", async () => {
    world.write("customers.csv", CUSTOMERS);
    const feed = await world.feed(DESCRIPTION);

    const { records = [], receipts = [] } = (await feed.records?.({}, signal)) ?? {};

    expect(records.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        id: "C-1",
        at: new Date("2025-01-31"),
        title: "Acme",
        text: "fine, so far",
        labels: { plan: "Basic" },
        numbers: { mrr: 100.5 },
        times: {},
      },
      {
        id: "C-2",
        at: new Date("2025-02-01"),
        title: "Böttcher | Söhne",
        labels: { plan: "Pro" },
        numbers: {},
        times: { ended: new Date("2026-03-04T10:00:00Z") },
      },
      { id: "C-3", title: "Cargo", text: "x", labels: {}, numbers: { mrr: 7 }, times: {} },
    ]);
    expect(receipts[0]).toMatchObject({ query: expect.stringContaining("one by one"), status: "live" });
  });

  it("are cut to a period and filtered by a label", async () => {
    world.write("customers.csv", CUSTOMERS);
    const feed = await world.feed(DESCRIPTION);
    const ids = async (query: Parameters<NonNullable<typeof feed.records>>[0]) =>
      (await feed.records?.(query, signal))?.records.map(({ id }) => id);

    expect(await ids({ period: { from: "2025-01-01", to: "2025-01-31" } })).toEqual(["C-1"]);
    expect(await ids({ filter: { plan: ["Pro"] } })).toEqual(["C-2"]);
    expect(await ids({ filter: { plan: ["(not set)"] } })).toEqual(["C-3"]);
  });

  it("are absent where the description names no id, and a missing column is named", async () => {
    world.write("customers.csv", CUSTOMERS);
    const plain = await world.feed(DESCRIPTION.replace(/ {4}records.*\n/, ""));
    const wrong = await world.feed(DESCRIPTION.replace("id: id", "id: idd"));

    expect(plain.records).toBeUndefined();
    await expect(wrong.records?.({}, signal)).rejects.toThrow("has no column “idd” for its records. Did you mean “id”?");
  });

  it("are refused as a whole where a date is none, as sums are", async () => {
    world.write("customers.csv", CUSTOMERS.replace("2025-02-01", "soon"));
    const feed = await world.feed(DESCRIPTION);

    await expect(feed.records?.({}, signal)).rejects.toThrow("the time is not a date");
  });

  it("have means where the description says so", async () => {
    world.write("customers.csv", CUSTOMERS);
    const feed = await world.feed(DESCRIPTION.replace("currency: EUR }", "currency: EUR, aggregate: mean }"));

    const { facts, receipts } = await feed.query({ period: { from: "2025-01-01", to: "2025-12-31" } }, signal);

    expect(facts).toEqual([expect.objectContaining({ value: 50.75, average: true })]);
    expect(receipts[0]?.query).toContain("mean of mrr");
  });
});
