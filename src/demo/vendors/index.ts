import type { Simulator } from "../simulator.ts";
import { anthropic } from "./anthropic.ts";
import { aws } from "./aws.ts";
import { confluence } from "./confluence.ts";
import { dynatrace } from "./dynatrace.ts";
import { github } from "./github.ts";
import { jira } from "./jira.ts";
import { newrelic } from "./newrelic.ts";
import { railway } from "./railway.ts";

/** Every simulated vendor. Their protocols are loaded with the first request. */
export const simulators: readonly Simulator[] = [anthropic, aws, confluence, dynatrace, github, jira, newrelic, railway];
