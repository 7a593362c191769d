import { activity, afterWork, DAY, dayOf, HOUR, instant, isWorkday, secondsOf, weekOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { CustomerFate } from "./customers.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import { EVERYDAY_THEMES, PLACES, THEME_OF_SERVICE, TICKET_WORDS } from "./text/tickets.ts";
import type { Instant, StockIssue, Theme, Ticket } from "./types.ts";

/** What customers ask: every day a little, much when something is broken. With the whole course of each. */

interface Draft {
  at: number;
  customer: CustomerFate;
  theme: Theme;
  service: string;
  incident: string | null;
  stockIssue: string | null;
}

const PER_WEEK = 400;
const ESCALATIONS = 100;

export interface TicketFate extends Ticket {
  /** When it was escalated to its issue, seconds. */
  readonly escalatedAt: number | null;
}

export function ticketFates(
  frame: Frame,
  customers: readonly CustomerFate[],
  incidents: readonly IncidentFate[],
  stock: readonly StockIssue[],
): TicketFate[] {
  const byId = new Map(customers.map((c) => [c.id, c]));
  const drafts = [...everyday(frame, customers), ...incidents.flatMap((i) => fromIncident(i, customers, frame))];
  for (const issue of stock) {
    const chance = new Chance(frame.seed, `ticket of ${issue.id}`);
    const customer = byId.get(issue.customer);
    if (customer && chance.happens(issue.cause === "scanner release" ? 0.55 : 0.3))
      drafts.push({
        at: secondsOf(issue.openedAt) + chance.whole(1_200, 5 * HOUR),
        customer,
        theme: "stock counts",
        service: "depot-scanner",
        incident: null,
        stockIssue: issue.id,
      });
  }
  drafts.sort((a, b) => a.at - b.at || (a.customer.id < b.customer.id ? -1 : 1));
  return numbered(drafts, frame);
}

function numbered(drafts: readonly Draft[], frame: Frame): TicketFate[] {
  let week = -1;
  let rank = 0;
  let escalations = 0;
  return drafts.flatMap((draft) => {
    if (weekOf(draft.at) !== week) [week, rank, escalations] = [weekOf(draft.at), 0, 0];
    rank += 1;
    if (rank > PER_WEEK) return [];
    const chance = new Chance(frame.seed, `ticket ${week} ${rank}`);
    const isEscalated = draft.theme !== "how do I" && escalations < ESCALATIONS && chance.happens(draft.incident ? 0.12 : 0.3);
    if (isEscalated) escalations += 1;
    return [ticket(draft, `T-${week * PER_WEEK + rank}`, isEscalated ? `SUP-${week * ESCALATIONS + escalations}` : null, chance, frame)];
  });
}

function isCustomer(customer: CustomerFate, day: string): boolean {
  return customer.startedOn <= day && (customer.cancelledOn === null || customer.cancelledOn > day);
}

function everyday(frame: Frame, customers: readonly CustomerFate[]): Draft[] {
  const drafts: Draft[] = [];
  for (let day = shownFrom(frame, LEAD.weeks); day < frame.now; day += DAY) {
    const date = dayOf(day);
    const here = customers.filter((c) => isCustomer(c, date));
    const chance = new Chance(frame.seed, `tickets ${date}`);
    const load = isWorkday(day) ? 0.55 + 0.45 * activity(day) : 0.16;
    // Month-end brings invoices and reports.
    const isMonthEnd = date.slice(8) <= "03" || date.slice(8) >= "29";
    for (let i = Math.min(120, chance.count(Math.min(45, here.length * 0.0078 * load))); i > 0; i--) {
      const customer = chance.pick(here);
      const odds = EVERYDAY_THEMES[customer.segment] ?? [];
      const theme = chance.weighted(
        odds.map(([t, w]) => [t, w * (isMonthEnd && (t === "wrong invoice" || t === "export and reports") ? 2 : 1)] as const),
      );
      drafts.push({
        at: day + Math.round(chance.between(6, 18.5) * HOUR),
        customer,
        theme,
        service: TICKET_WORDS[theme].service,
        incident: null,
        stockIssue: null,
      });
    }
  }
  return drafts;
}

function fromIncident(incident: IncidentFate, customers: readonly CustomerFate[], frame: Frame): Draft[] {
  const opened = secondsOf(incident.openedAt);
  if (opened >= frame.now || opened < shownFrom(frame, LEAD.weeks) || incident.severity === 4) return [];
  const theme = THEME_OF_SERVICE[incident.service] ?? "slow screens";
  const chance = new Chance(frame.seed, `tickets of ${incident.id}`);
  const date = dayOf(opened);
  const isGate = theme === "failed gate bookings";
  const here = customers.filter(
    (c) =>
      isCustomer(c, date) &&
      (incident.region === null || c.region === incident.region) &&
      (!isGate || c.segment === "haulier" || c.segment === "forwarder"),
  );
  const lasts = Math.max(1_800, secondsOf(incident.resolvedAt ?? "") - opened + HOUR);
  const count = here.length === 0 ? 0 : Math.min(70, Math.round(incident.impact.customers * (incident.severity <= 2 ? 0.3 : 0.15)));
  return Array.from({ length: count }, () => {
    const customer = chance.pick(here);
    return {
      at: opened + 300 + Math.round(chance.next() ** 1.5 * lasts),
      customer,
      theme,
      service: incident.service,
      incident: incident.id,
      stockIssue: null,
    };
  });
}

function ticket(draft: Draft, id: string, issue: string | null, chance: Chance, frame: Frame): TicketFate {
  const { at, customer, theme } = draft;
  const [subject, body] = chance.pick(TICKET_WORDS[theme].texts);
  const n = chance.whole(3, 48);
  const fill = (text: string) =>
    text
      .replaceAll("{n2}", String(n + chance.whole(1, 9)))
      .replaceAll("{n}", String(n))
      .replaceAll("{place}", chance.pick(PLACES));
  const isBusy = draft.incident !== null;
  const priority = isBusy
    ? chance.pick(["urgent", "high"] as const)
    : chance.weighted([
        ["urgent", 0.04],
        ["high", 0.2],
        ["normal", 0.56],
        ["low", 0.2],
      ] as const);
  const response = afterWork(at, Math.min(30, chance.around(isBusy ? 2.2 : priority === "urgent" ? 0.6 : 1.7, 0.8)), 7);
  const resolved = afterWork(response, Math.min(150, chance.around(issue ? 26 : theme === "how do I" ? 1.5 : 7, 0.9)), 7);
  const answersAsked = chance.happens(0.42);
  const mood = 4.3 - (isBusy ? 1.2 : 0) - (resolved - at > 4 * DAY ? 1 : 0) + 0.8 * chance.normal();
  return {
    id,
    customer: customer.id,
    createdAt: instant(at),
    firstResponseAt: instant(response),
    resolvedAt: instant(resolved),
    status: "resolved",
    channel: chance.weighted([
      ["portal", 0.42],
      ["email", 0.33],
      ["chat", 0.17],
      ["phone", 0.08],
    ] as const),
    priority,
    subject: fill(subject),
    body: fill(body),
    service: draft.service,
    agent: chance.pick(frame.staff.of("support", ["support"], at)).login,
    reopened: chance.happens(0.06),
    satisfaction: answersAsked ? Math.min(5, Math.max(1, Math.round(mood))) : null,
    issue,
    incident: draft.incident,
    stockIssue: draft.stockIssue,
    theme,
    escalatedAt: issue ? response + 600 : null,
  };
}

export function cutTicket(fate: TicketFate, now: Instant): Ticket {
  const { escalatedAt, ...ticket } = fate;
  const issue = escalatedAt !== null && instant(escalatedAt) < now ? ticket.issue : null;
  if (ticket.resolvedAt !== null && ticket.resolvedAt < now) return { ...ticket, issue };
  const isAnswered = ticket.firstResponseAt !== null && ticket.firstResponseAt < now;
  return {
    ...ticket,
    resolvedAt: null,
    satisfaction: null,
    reopened: false,
    issue,
    status: isAnswered ? "pending" : "open",
    firstResponseAt: isAnswered ? ticket.firstResponseAt : null,
    agent: isAnswered ? ticket.agent : null,
  };
}
