import type { PostEvent } from "../alerts/hook-channel.ts";
import type { ConnectContext } from "../core/integration.ts";
import type { User } from "../core/message.ts";
import type { ToolContext } from "../core/tool.ts";
import type { VendorHttp } from "../integrations/http.ts";
import type { Running } from "./context.ts";

/** What alerts reach beyond their own room: tools and feeds, the records, Amazon, the addresses of others. */
type Reach = Pick<Running, "store" | "tools" | "sources" | "onFault"> & { vendorContext: ConnectContext };

/** Rules read like a viewer. Those of a project see what the project sees. */
export async function contextFor(
  { tools, sources, store }: Reach,
  now: Date,
  signal: AbortSignal,
  project: string | undefined,
): Promise<ToolContext> {
  const user: User = { id: "firstmate:alerts", name: "Alerts", timeZone: "UTC", roles: ["viewer"] };
  const context: ToolContext = {
    user,
    audience: "group",
    now,
    signal,
    tools: tools.filter(({ role, effect }) => role === "viewer" && effect === "read"),
    ...sources,
  };
  if (project === undefined) return context;
  const { projects } = await import("../records/projects.ts");
  const { scopeFeeds } = await import("../records/project-scope.ts");
  const { UserError } = await import("../errors.ts");
  const found = await store.records.get(projects, project, "all");
  if (!found || found.archivedAt) throw new UserError(`There is no project “${project}”.`);
  return { ...context, scope: project, feeds: scopeFeeds(sources.feeds, found.data as Parameters<typeof scopeFeeds>[1]).feeds };
}

/** A run that GitHub told of joins the pipelines on record. */
export async function keepRun({ store, onFault }: Reach, run: object): Promise<void> {
  const { pipelineFields, pipelines } = await import("../records/pipelines.ts");
  const parsed = pipelineFields.safeParse(run);
  if (!parsed.success) return onFault(new Error("a run that GitHub told of has another shape than our records"));
  const { repositoryOwners } = await import("../records/imports/index.ts");
  const ownerOf = await repositoryOwners(store.records);
  const fields = { ...parsed.data, ...ownerOf(parsed.data.repository) };
  await store.records.create(pipelines, fields, { id: "webhook:github", sight: "all" });
}

/** Certificates and confirmations of SNS; the address was checked to be Amazon's. */
export async function readAws({ vendorContext }: Reach, url: string): Promise<string> {
  const { createVendorHttp } = await import("../integrations/http.ts");
  const http = createVendorHttp({ vendor: "AWS SNS", baseUrl: new URL(url).origin, context: vendorContext, maxBytes: 65_536 });
  try {
    const response = await http.fetch(url, { redirect: "error", operation: "GET signing certificate" });
    if (!response.ok) throw new Error(`AWS answered ${response.status}`);
    return await response.text();
  } finally {
    await http.close();
  }
}

/** The operator named the address, so it may be private; what it answers with is not followed. */
export function eventPoster({ vendorContext }: Reach): PostEvent {
  const clients = new Map<string, Promise<VendorHttp>>();
  return async (url, body, headers) => {
    const client =
      clients.get(url) ??
      import("../integrations/http.ts").then(({ createVendorHttp }) =>
        createVendorHttp({ vendor: "Webhook", baseUrl: url, context: vendorContext, maxBytes: 65_536 }),
      );
    clients.set(url, client);
    const response = await (await client).fetch(url, {
      method: "POST",
      body,
      headers: { ...headers },
      redirect: "manual",
      operation: "POST event",
    });
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) };
  };
}
