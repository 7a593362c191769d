import { z } from "zod";
import type { AlertDesk } from "../../core/alert.ts";
import { alertEvent } from "../../core/alert-event.ts";
import { HttpError, type HttpRequest, type Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { readLimit, refuse, userOf } from "./record-request.ts";

const stamp = z.object({ by: z.string(), at: z.iso.datetime() }).nullable();
const alert = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(["firing", "acknowledged", "snoozed", "expected", "recovered"]),
  severity: z.enum(["critical", "warning", "info"]),
  project: z.string().nullable(),
  openedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  acknowledged: stamp,
  snoozedUntil: z.iso.datetime().nullable(),
  expected: z.object({ by: z.string(), until: z.string(), note: z.string().nullable() }).nullable(),
  signs: z
    .array(z.record(z.string(), z.unknown()))
    .describe("What it is made of: rule, series, since, endedAt, figure with its normal range."),
  causes: z.array(z.string()),
  next: z.array(z.string()),
  version: z.int(),
});
const history = z.array(z.object({ at: z.iso.datetime(), actor: z.string(), action: z.string(), note: z.string().nullable() }));

const preview = z.object({
  at: z.iso.datetime(),
  firing: z.array(
    z.object({
      rule: z.string(),
      series: z.string(),
      title: z.string(),
      since: z.iso.datetime(),
      figure: z.record(z.string(), z.unknown()).optional().describe("What was measured, with its normal range."),
    }),
  ),
  problems: z.array(z.object({ rule: z.string(), message: z.string() })).describe("Rules that cannot be judged, and why."),
});

/** What fires and what fired; changes are made in chat, by the people who are told. */
export function alertRoutes(api: Pick<ApiContext, "toolContext" | "rateLimit" | "now">): Route[] {
  const deskOf = (request: HttpRequest): AlertDesk => {
    const desk = api.toolContext(userOf(request), request.signal).alerts;
    if (!desk) throw new HttpError(404, "There are no alerts here.");
    return desk;
  };
  return [
    {
      ...{ method: "GET", path: "/api/v1/alerts", access: "viewer", keyed: true },
      docs: {
        summary: "Alerts, newest first",
        tag: "alerts",
        query: {
          state: { type: "string", enum: ["open", "all"], description: "open: those that are not over, which is what comes without it." },
          limit: { type: "integer", minimum: 1, maximum: 200, description: "Most to give; 50 without it." },
          before: { type: "string", format: "date-time", description: "Only those opened before; `meta.nextBefore` of the page before." },
        },
        response: { type: "array", items: z.toJSONSchema(alert) },
      },
      async handle(request) {
        const errors: { path: string; message: string }[] = [];
        const limit = readLimit(request.query, errors);
        const state = request.query.get("state") ?? "open";
        if (state !== "open" && state !== "all") errors.push({ path: "state", message: "must be open or all" });
        const before = request.query.get("before");
        if (before && !z.iso.datetime().safeParse(before).success)
          errors.push({ path: "before", message: "must be an instant like 2026-11-20T09:00:00Z" });
        refuse(errors);
        const found = await deskOf(request).list(userOf(request), {
          state: state === "all" ? "all" : "open",
          limit,
          ...(before ? { before: new Date(before) } : {}),
        });
        const last = found.at(-1);
        return {
          status: 200,
          data: found.map(alertEvent),
          meta: found.length === limit && last ? { nextBefore: last.openedAt.toISOString() } : {},
        };
      },
    },
    {
      ...{ method: "GET", path: "/api/v1/alerts/preview", access: "viewer" },
      docs: {
        summary: "What the rules would say now; nothing is kept and nothing is posted",
        tag: "alerts",
        response: z.toJSONSchema(preview),
      },
      async handle(request) {
        const user = userOf(request);
        const headers = await api.rateLimit(user.id);
        const at = api.now();
        const { firing, problems } = await deskOf(request).preview(at, request.signal, user);
        const shown = firing.map(({ rule, series, title, since, figure }) => ({
          ...{ rule, series, title, since: since.toISOString() },
          ...(figure ? { figure } : {}),
        }));
        return { status: 200, headers, data: { at: at.toISOString(), firing: shown, problems } };
      },
    },
    {
      ...{ method: "GET", path: "/api/v1/alerts/{id}", access: "viewer", keyed: true },
      docs: {
        summary: "One alert with its history",
        tag: "alerts",
        response: z.toJSONSchema(alert.extend({ history })),
      },
      async handle(request) {
        const found = await deskOf(request).get(request.params.id ?? "", userOf(request));
        if (!found) throw new HttpError(404, "There is no such alert.");
        const past = found.history.map(({ at, ...entry }) => ({ at: at.toISOString(), ...entry }));
        return { status: 200, data: { ...alertEvent(found.alert), history: past } };
      },
    },
  ];
}
