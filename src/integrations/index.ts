import type { Integration } from "../core/integration.ts";
import { anthropic } from "./anthropic/index.ts";
import { aws } from "./aws/index.ts";
import { confluence } from "./confluence/index.ts";
import { datasets } from "./datasets/index.ts";
import { dynatrace } from "./dynatrace/index.ts";
import { github } from "./github/index.ts";
import { jira } from "./jira/index.ts";
import { mcp } from "./mcp/index.ts";
import { newrelic } from "./newrelic/index.ts";
import { pagerduty } from "./pagerduty/index.ts";
import { railway } from "./railway/index.ts";
import { sentry } from "./sentry/index.ts";

/** Every source there is. Adding one is a folder and a line here. */
export const integrations: readonly Integration[] = [
  anthropic as unknown as Integration,
  aws as unknown as Integration,
  confluence as unknown as Integration,
  datasets as unknown as Integration,
  dynatrace as unknown as Integration,
  github as unknown as Integration,
  jira as unknown as Integration,
  mcp as unknown as Integration,
  newrelic as unknown as Integration,
  pagerduty as unknown as Integration,
  railway as unknown as Integration,
  sentry as unknown as Integration,
];
