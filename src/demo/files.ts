import { addDays, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import type { CustomerMonth, World } from "./world/index.ts";

/** What the company keeps in tables of its own. One file each, described in `datasets.yaml`. */
export function companyFiles(world: World): Record<string, string> {
  return {
    "customers.csv": customers(world),
    "revenue.csv": revenue(world),
    "tickets.csv": tickets(world),
    "stock.csv": stock(world),
    "streaming.csv": streaming(world),
  };
}

export const COMPANY_DATASETS = `
  - name: customers
    title: customers
    source: customers.csv
    time: started_on
    measures: [{ name: customers, column: one, unit: count }, { name: mrr, unit: currency, currency: USD }, { name: seats, unit: count }, { name: tenure_months }, { name: active_users }, { name: adoption, unit: ratio, aggregate: mean }, { name: tickets_90d }, { name: nps, aggregate: mean }]
    dimensions: [segment, region, plan, contract, payment, cohort, status, cancel_reason, manager]
    records: { id: customer, title: name, times: { started: started_on, ended: cancelled_on } }
    feed: customers
    simulated: true
  - name: revenue
    title: revenue
    source: revenue.csv
    time: day
    measures: [{ name: revenue, unit: currency, currency: USD }, { name: refunds, unit: currency, currency: USD }]
    dimensions: [region, plan, kind]
    feed: metrics
    rolling: true
    simulated: true
  - name: tickets
    title: support tickets
    source: tickets.csv
    time: created_at
    measures: [{ name: tickets, column: one, unit: count }, { name: satisfaction, aggregate: mean }]
    dimensions: [priority, channel, service, status, agent, customer]
    records: { id: ticket, title: subject, text: body, times: { created: created_at, first_response: first_response_at, resolved: resolved_at } }
    feed: issues
    rolling: true
    simulated: true
  - name: stock
    title: warehouse stock issues
    source: stock.csv
    time: opened_at
    measures: [{ name: stock_issues, column: one, unit: count }, { name: stock_value, column: value, unit: currency, currency: USD }]
    dimensions: [kind, cause, warehouse, product, customer]
    records: { id: issue, times: { created: opened_at, resolved: resolved_at } }
    feed: metrics
    rolling: true
    simulated: true
  - name: streaming
    title: video streaming
    source: streaming.csv
    time: day
    measures: [{ name: sessions, unit: count }, { name: start_failures, unit: count }, { name: rebuffer_minutes }, { name: watched_minutes }, { name: bitrate, unit: kbit/s, aggregate: mean }, { name: start_time, unit: ms, aggregate: mean }]
    dimensions: [region, device]
    feed: metrics
    rolling: true
    simulated: true
`;

type Cell = string | number | null;

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    const text = value === null ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows]
    .map((row) => row.map(cell).join(","))
    .join("\n")
    .concat("\n");
}

const RECENT_DAYS = 90;

function customers(world: World): string {
  const months = new Map<CivilDate, ReadonlyMap<string, CustomerMonth>>();
  /** The last whole month before the day: who has left is shown as they were, or leaving would be told by having no usage. */
  const usedBefore = (day: CivilDate, customer: string) => {
    const month = startOf("month", addDays(startOf("month", day), -1));
    const known = months.get(month) ?? new Map(world.customerMonths(month).map((m) => [m.customer, m]));
    months.set(month, known);
    return known.get(customer);
  };
  const asked = Map.groupBy(world.tickets(), ({ customer }) => customer);
  const ticketsBefore = (day: CivilDate, customer: string) => {
    const since = addDays(day, -RECENT_DAYS);
    return (asked.get(customer) ?? []).filter(({ createdAt }) => createdAt >= since && createdAt < day).length;
  };
  const header =
    "customer,name,one,segment,region,plan,contract,payment,cohort,manager,status,cancel_reason,started_on,cancelled_on,mrr,seats,tenure_months,active_users,adoption,tickets_90d,nps";
  const rows = world.customers().map((c) => {
    const end = c.cancelledOn ?? world.today;
    const used = usedBefore(end, c.id);
    return [
      c.id,
      c.name,
      1,
      c.segment,
      c.region,
      c.plan,
      c.contract,
      c.payment,
      c.cohort,
      c.manager,
      c.cancelledOn ? "churned" : "active",
      c.cancelReason,
      c.startedOn,
      c.cancelledOn,
      c.mrr,
      c.seats,
      monthsBetween(c.startedOn, end),
      used?.activeUsers ?? null,
      used?.adoption ?? null,
      ticketsBefore(end, c.id),
      c.nps.at(-1)?.score ?? null,
    ];
  });
  return csv(header.split(","), rows);
}

function monthsBetween(from: CivilDate, to: CivilDate): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
}

function eachDay<T>(world: World, of: (day: CivilDate) => readonly T[]): T[] {
  const found: T[] = [];
  for (let day = world.from; day < world.today; day = addDays(day, 1)) found.push(...of(day));
  return found;
}

function revenue(world: World): string {
  const rows = eachDay(world, (day) => world.revenue(day)).flatMap((r) => [
    [r.day, r.region, r.plan, "subscription", r.subscription, null],
    [r.day, r.region, r.plan, "usage", r.usage, r.refunds],
  ]);
  return csv(["day", "region", "plan", "kind", "revenue", "refunds"], rows);
}

function tickets(world: World): string {
  const header =
    "ticket,one,customer,created_at,first_response_at,resolved_at,status,channel,priority,service,agent,satisfaction,subject,body";
  const rows = world
    .tickets()
    .map((t) => [
      t.id,
      1,
      t.customer,
      t.createdAt,
      t.firstResponseAt,
      t.resolvedAt,
      t.status,
      t.channel,
      t.priority,
      t.service,
      t.agent,
      t.satisfaction,
      t.subject,
      t.body,
    ]);
  return csv(header.split(","), rows);
}

function stock(world: World): string {
  const header = "issue,one,customer,warehouse,sku,product,kind,cause,opened_at,resolved_at,quantity,value";
  const rows = world
    .stockIssues()
    .map((s) => [s.id, 1, s.customer, s.warehouse, s.sku, s.product, s.kind, s.cause, s.openedAt, s.resolvedAt, s.quantity, s.value]);
  return csv(header.split(","), rows);
}

function streaming(world: World): string {
  const header = "day,region,device,sessions,start_failures,start_time,watched_minutes,rebuffer_minutes,bitrate";
  const rows = eachDay(world, (day) => world.streaming(day)).map((s) => [
    s.day,
    s.region,
    s.device,
    s.sessions,
    s.startFailures,
    s.startTime,
    s.minutes,
    s.rebufferMinutes,
    s.bitrate,
  ]);
  return csv(header.split(","), rows);
}
