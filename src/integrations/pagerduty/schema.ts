import { z } from "zod";

/** The parts of PagerDuty's answers that are read. */

const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at));
const reference = z.object({ summary: z.string().nullish() }).nullish();

const incident = z.object({
  id: z.string().min(1),
  incident_number: z.number(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  created_at: instant,
  status: z.enum(["triggered", "acknowledged", "resolved"]),
  urgency: z.string().nullish(),
  priority: reference,
  service: reference,
  teams: z.array(z.object({ summary: z.string().nullish() })).nullish(),
  /** Only of those who have acknowledged and not yet resolved. */
  acknowledgements: z.array(z.object({ at: instant })).nullish(),
  resolved_at: instant.nullish(),
  last_status_change_at: instant.nullish(),
  html_url: z
    .url({ protocol: /^https$/ })
    .nullish()
    .catch(undefined),
});
export type Incident = z.output<typeof incident>;

export const incidentsPage = z.object({ incidents: z.array(incident), more: z.boolean() });
export const servicesPage = z.object({ services: z.array(z.object({ id: z.string() })), total: z.number().nullish() });
