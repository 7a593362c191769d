import type { ConnectContext } from "../../core/integration.ts";
import { type AtlassianClient, atlassianClient, createVendorHttp, type VendorHttp } from "../http.ts";
import { type Agile, type Cloud, loadAgile, loadCloud } from "./sdk.ts";

export interface JiraSettings {
  JIRA_URL: string;
  JIRA_EMAIL: string;
  JIRA_TOKEN: string;
}

/** The door to one Jira site. The SDK is loaded with the first question. */
export interface JiraClient {
  readonly http: VendorHttp;
  /** As it is set, without a slash at its end. */
  readonly address: string;
  now(): Date;
  /** For the SDK's functions; one per question, because the signal is the question's. */
  sdk(signal: AbortSignal): AtlassianClient;
  cloud(): Promise<Cloud>;
  agile(): Promise<Agile>;
}

/** Searches with a hundred long descriptions take their time. */
const TIMEOUT_MS = 15_000;

export function createClient({ JIRA_URL, JIRA_EMAIL, JIRA_TOKEN }: JiraSettings, context: ConnectContext): JiraClient {
  const address = JIRA_URL.replace(/\/+$/, "");
  const http = createVendorHttp({
    vendor: "Jira",
    baseUrl: address,
    context,
    credentials: "JIRA_EMAIL and JIRA_TOKEN",
    address: "JIRA_URL",
    permissions: "Browse projects in the projects you ask about; Create issues and Add comments where people may write",
    headers: { authorization: `Basic ${Buffer.from(`${JIRA_EMAIL}:${JIRA_TOKEN}`).toString("base64")}` },
    timeoutMs: TIMEOUT_MS,
  });
  return {
    http,
    address,
    now: context.now,
    sdk: (signal) => atlassianClient(http, signal),
    cloud: loadCloud,
    agile: loadAgile,
  };
}
