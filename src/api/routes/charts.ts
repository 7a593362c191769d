import { HttpError, type Route } from "../../core/http.ts";
import { isSigned } from "../../identity/signed-path.ts";
import type { ApiContext } from "../context.ts";
import { chartPath } from "../wire-reply.ts";

/** Pictures of charts in answers, drawn when asked for. The signature in the path is the right to see it. */
export function chartRoute(api: ApiContext): Route {
  return {
    method: "GET",
    path: "/api/v1/charts/{turn}/{index}",
    access: "own",
    docs: {
      summary: "A chart of an answer as PNG; the path comes with the answer",
      tag: "ask",
      query: { theme: { type: "string", enum: ["light", "dark"] }, expires: { type: "integer" }, signature: { type: "string" } },
      responseType: "image/png",
    },
    async handle({ params, query }) {
      const index = Number(params.index);
      const path = chartPath(params.turn ?? "", index);
      if (!Number.isSafeInteger(index) || !isSigned(path, query, api.secret, api.now()))
        throw new HttpError(403, "This chart's address is wrong or has expired. Open the answer again for a fresh one.");
      const stored = await api.conversations.reply(params.turn ?? "");
      const block = stored?.reply.blocks?.[index];
      if (block?.type !== "chart") throw new HttpError(404, "There is no such chart.");
      const png = await api.renderPng(block.spec, query.get("theme") === "dark" ? "dark" : "light");
      return {
        status: 200,
        headers: {
          "content-type": "image/png",
          "cache-control": "private, max-age=86400, immutable",
          "cross-origin-resource-policy": "same-origin",
        },
        raw: png,
      };
    },
  };
}
