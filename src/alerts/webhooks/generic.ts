import { z } from "zod";
import { faultsOf } from "../../core/faults.ts";
import { ConfigError } from "../../errors.ts";
import { severityOf } from "../records.ts";
import type { Signal } from "../signal.ts";
import { signal, timeOf } from "./told.ts";

/** Where in a JSON body each thing stands, as dotted paths: "alert.labels.name", "items.0.id". Below `generic_webhook:` in firstmate.yaml. */
const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, "must be a dotted path like alert.labels.name");
const mappingSchema = z.strictObject({
  id: path.optional(),
  title: path.optional(),
  text: path.optional(),
  state: path.optional(),
  severity: path.optional(),
  service: path.optional(),
  url: path.optional(),
  at: path.optional(),
  /** Values of the state that mean it is over. */
  recovered: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat().map((one) => one.toLowerCase()))
    .optional(),
});

export type GenericMapping = z.output<typeof mappingSchema>;

/** Throws ConfigError with every problem. */
export function readMapping(content: unknown): GenericMapping {
  const parsed = mappingSchema.safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    faultsOf(parsed.error, mappingSchema).map(
      ({ path: at, message }) => `firstmate.yaml: generic_webhook: ${[at, message].filter(Boolean).join(" ")}.`,
    ),
  );
}

/** What senders mostly call them; the first that is there counts. */
const USUAL: Readonly<Record<Exclude<keyof GenericMapping, "recovered">, readonly string[]>> = {
  id: ["id", "alert_id", "incident_id", "key", "fingerprint"],
  title: ["title", "name", "summary", "subject", "message"],
  text: ["text", "description", "body", "details", "message"],
  state: ["state", "status", "event_type"],
  severity: ["severity", "level", "priority"],
  service: ["service", "component", "resource", "host"],
  url: ["url", "link", "href"],
  at: ["at", "timestamp", "time", "created_at", "startsAt"],
};
const RECOVERED = ["recovered", "resolved", "resolve", "closed", "ok", "up", "normal", "inactive"];

export function genericSignals(body: Record<string, unknown>, mapping: GenericMapping, received: Date): Signal[] {
  const read = (name: keyof typeof USUAL) => {
    const wanted = mapping[name];
    for (const one of wanted ? [wanted] : USUAL[name]) {
      const value = valueAt(body, one);
      if (value !== "") return value;
    }
    return "";
  };
  const title = read("title");
  if (title === "") throw new Error("it has no title: say where it stands with generic_webhook in firstmate.yaml");
  return [
    signal("generic", {
      id: read("id") || `${read("service")}:${title}`,
      service: read("service"),
      title,
      severity: severityOf(read("severity")),
      over: (mapping.recovered ?? RECOVERED).includes(read("state").toLowerCase()),
      at: timeOf(read("at"), received),
      text: read("text") === title ? "" : read("text"),
      url: read("url"),
    }),
  ];
}

/** Text, number or truth there; "" for anything else. */
function valueAt(body: unknown, dotted: string): string {
  let value = body;
  for (const step of dotted.split("."))
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
