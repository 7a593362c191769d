import { pareto } from "../../src/analytics/pareto.ts";
import type { Feed } from "../../src/core/feed.ts";
import { datasets } from "../../src/integrations/datasets/index.ts";
import { timed } from "../statistics.ts";

/** Two questions to one file through the datasets engine, as the tools ask them. */
const path = process.argv[2] ?? "";

async function rank(feed: Feed | undefined, by: string): Promise<[string, number][]> {
  const answer = await feed?.query({ measure: "cost", by: [by] }, new AbortController().signal);
  const found = pareto((answer?.facts ?? []).map((fact) => ({ label: fact.labels[by] ?? "", value: fact.value })));
  return found.items.map(({ label, value }) => [label, value]);
}

const connection = await datasets.connect({ DATASETS: path }, { now: () => new Date() });
const [feed] = connection.feeds;
const first = await timed(() => rank(feed, "service"));
const again = await timed(() => rank(feed, "sub_account"));
await connection.close();
process.stdout.write(JSON.stringify({ firstMs: first.ms, againMs: again.ms, service: first.result, sub_account: again.result }));
