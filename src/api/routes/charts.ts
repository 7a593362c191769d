import { z } from "zod";
import { HttpError, type Route } from "../../core/http.ts";
import { isSigned } from "../../identity/signed-path.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { chartPath, isProven } from "../wire-reply.ts";

const THEMES = ["light", "dark"] as const;
/** narrow: for the width of a phone. */
const LAYOUTS = ["wide", "narrow"] as const;

/** Pictures of charts in answers, drawn when asked for. The signature in the path is the right to see it. */
export function chartRoute(api: ApiContext): Route {
  return {
    method: "GET",
    path: "/api/v1/charts/{turn}/{index}",
    access: "own",
    docs: {
      summary: "A chart of an answer as PNG; the path comes with the answer",
      tag: "ask",
      query: {
        theme: { type: "string", enum: THEMES },
        layout: { type: "string", enum: LAYOUTS },
        expires: { type: "integer" },
        signature: { type: "string" },
      },
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
      const look = { theme: query.get("theme") === "dark" ? "dark" : "light", narrow: query.get("layout") === "narrow" } as const;
      const png = await api.renderPng(block.spec, look);
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

/** Bytes: eight lines of thousands of days. */
const LARGEST_SPEC = 4 * 1_048_576;
const drawn = z.strictObject({
  spec: z.record(z.string(), z.unknown()).describe("As it came with the chart."),
  proof: z.string().max(200).describe("As it came with the chart; it holds for a day."),
  theme: z.enum(THEMES).default("light"),
  layout: z.enum(LAYOUTS).default("wide").describe("narrow: for the width of a phone"),
});

/** Pictures of charts that tools give. Only specifications of our own are drawn. */
export function drawChartRoute(api: Pick<ApiContext, "secret" | "now" | "renderPng">): Route {
  return {
    method: "POST",
    path: "/api/v1/charts",
    access: "viewer",
    projectKeys: true,
    bodyLimit: LARGEST_SPEC,
    docs: {
      summary: "A chart that a tool gave, as PNG",
      tag: "tools",
      body: z.toJSONSchema(drawn, { io: "input" }),
      responseType: "image/png",
    },
    async handle(request) {
      const { spec, proof, theme, layout } = validate(drawn, request.json());
      if (!isProven(spec, proof, api.secret, api.now()))
        throw new HttpError(403, "This is no chart of ours, or its proof has expired. Run the tool again for a fresh one.");
      return {
        status: 200,
        headers: { "content-type": "image/png", "cache-control": "no-store" },
        raw: await api.renderPng(spec, { theme, narrow: layout === "narrow" }),
      };
    },
  };
}
