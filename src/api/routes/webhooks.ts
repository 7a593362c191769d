import type { HttpRequest, Route } from "../../core/http.ts";

/** Checks and keeps a delivery. Throws HttpError; then nothing is kept. */
export type ReceiveWebhook = (
  source: string,
  request: Pick<HttpRequest, "headers" | "body">,
) => Promise<{ id: string; duplicate: boolean }>;

const BODY_LIMIT = 1_048_576;

/** Vendors tell of what they see. Each proves itself by its own signature or secret; what was stored is answered 202. */
export function webhookRoute(receive: ReceiveWebhook): Route {
  return {
    method: "POST",
    path: "/webhooks/{source}",
    access: "own",
    bodyLimit: BODY_LIMIT,
    docs: {
      summary: "Take a vendor's webhook: dynatrace, newrelic, alertmanager, github, sns or generic",
      tag: "webhooks",
      body: { type: "object", additionalProperties: true, description: "The vendor's own payload." },
      response: {
        type: "object",
        required: ["id", "duplicate"],
        properties: { id: { type: "string" }, duplicate: { type: "boolean", description: "It was delivered before." } },
      },
      status: 202,
    },
    async handle(request) {
      return { status: 202, data: await receive(request.params.source ?? "", request) };
    },
  };
}
