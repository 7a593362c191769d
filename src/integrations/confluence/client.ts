import type { ConnectContext } from "../../core/integration.ts";
import { type AtlassianClient, atlassianClient, createVendorHttp, type VendorHttp } from "../http.ts";

export interface ConfluenceSettings {
  CONFLUENCE_URL: string;
  CONFLUENCE_EMAIL: string;
  CONFLUENCE_TOKEN: string;
}

/** The door to one Confluence site. */
export interface ConfluenceClient {
  readonly http: VendorHttp;
  /** Without a slash at its end, and without /wiki. */
  readonly address: string;
  now(): Date;
  /** For the SDK's functions; one per question, because the signal is the question's. */
  sdk(signal: AbortSignal): AtlassianClient;
}

export function createClient(settings: ConfluenceSettings, context: ConnectContext): ConfluenceClient {
  // People copy the address of the wiki; the SDK adds /wiki itself.
  const address = settings.CONFLUENCE_URL.replace(/\/+$/, "").replace(/\/wiki$/, "");
  const credentials = `${settings.CONFLUENCE_EMAIL}:${settings.CONFLUENCE_TOKEN}`;
  const http = createVendorHttp({
    vendor: "Confluence",
    baseUrl: address,
    context,
    credentials: "CONFLUENCE_EMAIL and CONFLUENCE_TOKEN",
    address: "CONFLUENCE_URL",
    permissions: "View in the spaces you ask about",
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
  });
  return { http, address, now: context.now, sdk: (signal) => atlassianClient(http, signal) };
}
