import { afterWork, DAY, HOUR, instant, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { CustomerFate } from "./customers.ts";
import type { Frame } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import { type IssueFate, inOrder } from "./issue-fate.ts";
import { BOT } from "./people.ts";
import type { TicketFate } from "./tickets.ts";

/** The issue that follows up an incident. */
export function incidentIssue(incident: IncidentFate, frame: Frame): IssueFate | null {
  if (incident.issue === null || incident.resolvedAt === null) return null;
  const chance = new Chance(frame.seed, `follow-up ${incident.id}`);
  const created = secondsOf(incident.openedAt) + 600;
  const started = secondsOf(incident.resolvedAt) + HOUR;
  const resolved = afterWork(started, chance.around(22, 0.6), 8);
  const who = incident.commander;
  return {
    key: incident.issue,
    number: incident.number,
    project: "OPS",
    type: "Incident",
    priority: incident.severity <= 2 ? "Highest" : "High",
    summary: `${incident.title} (${incident.id})`,
    description: `${incident.impact.description} Follow up until it cannot happen again.`,
    component: incident.service,
    labels: [`severity-${incident.severity}`, incident.cause],
    points: null,
    reporter: BOT.login,
    assignee: who,
    createdAt: instant(created),
    updatedAt: instant(created),
    status: "Done",
    category: "done",
    resolution: "Done",
    startedAt: instant(started),
    resolvedAt: instant(resolved),
    dueOn: null,
    sprints: [],
    epic: null,
    changes: inOrder([
      { at: started, author: who, field: "status", to: "In Progress" },
      { at: resolved, author: who, field: "status", to: "Done" },
    ]),
    worklogs: [],
    comments: [],
    links: [],
    pulls: [],
    customer: null,
    ticket: null,
    incident: incident.id,
    joined: [],
    event: incident.event,
  };
}

/** The issue in the support project that an escalated ticket became. */
export function supportIssue(ticket: TicketFate, customer: CustomerFate | undefined): IssueFate | null {
  const { issue: key, escalatedAt } = ticket;
  if (key === null || escalatedAt === null || ticket.resolvedAt === null || ticket.agent === null) return null;
  const started = escalatedAt + 1_800;
  const resolved = Math.max(started + 1_200, secondsOf(ticket.resolvedAt) - 900);
  const who = ticket.agent;
  const priority = { urgent: "Highest", high: "High", normal: "Medium", low: "Low" } as const;
  return {
    key,
    number: Number(key.slice(4)),
    project: "SUP",
    type: "Support",
    summary: ticket.subject,
    priority: priority[ticket.priority],
    description: `${ticket.body}\n\n${customer ? `${customer.name} (${customer.id}, ${customer.region}, ${customer.plan})` : ticket.customer}, ${ticket.id}`,
    component: ticket.service,
    labels: [customer?.segment ?? "customer"],
    points: null,
    reporter: who,
    assignee: who,
    createdAt: instant(escalatedAt),
    updatedAt: instant(escalatedAt),
    status: "Done",
    category: "done",
    resolution: "Done",
    startedAt: instant(started),
    resolvedAt: instant(resolved),
    dueOn: null,
    sprints: [],
    epic: null,
    changes: inOrder([
      { at: escalatedAt + 60, author: who, field: "assignee", to: who },
      { at: started, author: who, field: "status", to: "In Progress" },
      ...(resolved - started > DAY
        ? [{ at: started + (resolved - started) / 2, author: who, field: "status" as const, to: "Waiting for customer" }]
        : []),
      { at: resolved, author: who, field: "status", to: "Done" },
    ]),
    worklogs: [],
    comments: [],
    links: [],
    pulls: [],
    customer: ticket.customer,
    ticket: ticket.id,
    incident: ticket.incident,
    joined: [],
    event: null,
  };
}
