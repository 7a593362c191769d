import type { CheckResult } from "../../core/integration.ts";
import { listWords, plainWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import type { ConfluenceClient } from "./client.ts";
import type { Wiki } from "./wiki.ts";

/** Who we are at Confluence, and what will not work. Never throws. */
export async function checkConfluence(client: ConfluenceClient, wiki: Wiki, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await checkWho(client, wiki, signal);
  return who.state === "failed" ? [who] : [who, await checkSearch(wiki, signal)];
}

async function checkWho({ address, http }: ConfluenceClient, wiki: Wiki, signal: AbortSignal): Promise<CheckResult> {
  const name = "Confluence";
  try {
    const me = await wiki.who(signal);
    if (me.status === "stale") throw new VendorError("Confluence", `Confluence does not answer: ${me.reason ?? "it failed"}.`);
    const { value } = await wiki.spaces(signal);
    const at = new URL(address).host;
    if (value.items.length === 0)
      return {
        ...{ name, state: "warning", message: `${plainWords(me.value.name)} sees no space at ${at}.` },
        fix: "Give the account of CONFLUENCE_EMAIL the permission View in the spaces to be read.",
      };
    const keys = listWords(
      value.items.map(({ key }) => plainWords(key)),
      10,
    );
    const count = `${value.items.length} ${value.items.length === 1 ? "space" : "spaces"}`;
    return { name, state: "ok", message: `${plainWords(me.value.name)} reads ${count} at ${at}${http.demo ? " (demo)" : ""}: ${keys}` };
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: fixFor(error) };
  }
}

function fixFor(error: unknown): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 401 || status === 403)
    return "Make an API token at id.atlassian.com with the account of CONFLUENCE_EMAIL and put it into CONFLUENCE_TOKEN.";
  if (status === 404) return "Set CONFLUENCE_URL to the site's address, https://COMPANY.atlassian.net.";
  return "Check CONFLUENCE_URL and the network, then run doctor again.";
}

async function checkSearch(wiki: Wiki, signal: AbortSignal): Promise<CheckResult> {
  const name = "Confluence pages";
  try {
    const { value } = await wiki.search("type = page", 1, signal);
    return { name, state: "ok", message: `About ${value.total} ${value.total === 1 ? "page" : "pages"}` };
  } catch (error) {
    return {
      ...{ name, state: "warning", message: `Pages cannot be searched. ${explainError(error)}` },
      fix: "Give the account of CONFLUENCE_EMAIL access to Confluence (Administration, Users, Product access).",
    };
  }
}
