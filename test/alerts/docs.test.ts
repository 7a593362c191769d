import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { EVENTS, readHooks } from "../../src/alerts/hooks.ts";
import { RULE_KINDS, readPlan } from "../../src/alerts/rules.ts";
import { readMapping } from "../../src/alerts/webhooks/generic.ts";
import { SOURCES } from "../../src/alerts/webhooks/verify.ts";

const page = readFileSync(new URL("../../docs/alerts.md", import.meta.url), "utf8");
const written = Object.assign(
  {},
  ...[...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? "", { schema: "failsafe" })),
);

it("shows settings that are taken as they stand", () => {
  const { rules, routes } = readPlan({ alerts: written.alerts, alertRoutes: written.alert_routes });
  expect(rules.map(({ kind }) => kind).toSorted()).toEqual([...RULE_KINDS].toSorted());
  expect(routes).toHaveLength(1);
  expect(readHooks(written.webhooks)).toHaveLength(1);
  expect(readMapping(written.generic_webhook).recovered).toEqual(["gone", "closed"]);
});

it("names every source, kind and event", () => {
  expect([...SOURCES, ...RULE_KINDS, ...EVENTS].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it("has a workflow whose nodes are connected", () => {
  const { nodes, connections } = JSON.parse(readFileSync(new URL("../../docs/n8n-alerts.json", import.meta.url), "utf8"));
  const names = nodes.map(({ name }: { name: string }) => name);
  for (const name of Object.keys(connections)) expect(names).toContain(name);
});
