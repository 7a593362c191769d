import { paretoSample } from "../pareto-sample.ts";
import { timed } from "../statistics.ts";
import { usualPng, usualSpec } from "../usual-chart.ts";

const { items, title } = paretoSample(1);
const { ms, result } = await timed(() => usualPng(usualSpec(items, title)));
process.stdout.write(JSON.stringify({ ms, png: result.toString("base64") }));
