import { addDays } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { KEYS, MODELS, WORKSPACES } from "./ai-models.ts";
import { aiUsageOf } from "./ai-usage.ts";
import { alertFates, cutAlert } from "./alerts.ts";
import { costAnomalies } from "./anomalies.ts";
import { instant, seconds } from "./calendar.ts";
import { REPOSITORIES, SERVICES, TEAMS } from "./catalogue.ts";
import { assistedWork, codingOf, completionSeats, completionsOf } from "./coding.ts";
import { ACCOUNTS, BUDGETS, costsOf, savingsOf } from "./costs.ts";
import { cutCustomer } from "./customers.ts";
import { cutDeployment } from "./deployments.ts";
import { fatesOf } from "./fates.ts";
import { frameOf, LEAD, once, shownFrom } from "./frame.ts";
import { cutIncident } from "./incidents.ts";
import { cutIssue } from "./issues.ts";
import { pages } from "./pages.ts";
import { peopleBetween } from "./people.ts";
import { cutRun, runFates } from "./pipelines.ts";
import { projects } from "./projects.ts";
import { cutPull } from "./pulls.ts";
import { RAILWAY, railwayUsageOf } from "./railway.ts";
import { releases } from "./releases.ts";
import { hosts, resources } from "./resources.ts";
import { customerMonthsOf, revenueMonths, revenueOf } from "./revenue.ts";
import { signals } from "./signals.ts";
import { sprints } from "./sprints.ts";
import { cutStock } from "./stock.ts";
import { worldStory } from "./story-links.ts";
import { streamingOf } from "./streaming.ts";
import { cutTicket } from "./tickets.ts";
import type { Issue, World } from "./types.ts";

export { numberOf, uuidOf } from "./chance.ts";
export type * from "./types.ts";

export const SEED = 20_240_607;
/** Days whose worked-out lines are kept. */
const KEPT_DAYS = 130;

/**
 * The simulated company as it stood when `today` began (UTC), or at `now` if that is given: a world that is asked in the
 * course of the day may know what has happened since midnight. Pure: the same arguments, the same records byte for byte.
 */
export function createWorld(today: CivilDate, seed: number = SEED, now: Date = new Date(seconds(today) * 1000)): World {
  const frame = frameOf(today, seed, Math.floor(now.getTime() / 1000));
  const fates = fatesOf(frame);
  const end = instant(frame.now);
  const { lastDay } = fates;
  const since = (lead: number) => instant(shownFrom(frame, lead));
  const isDay = (day: CivilDate) => day >= frame.from && day < today;

  const shownPulls = once(() => {
    const earliest = since(LEAD.pulls);
    return fates.pulls().filter((p) => p.createdAt >= earliest && p.createdAt < end);
  });
  const shownIncidents = once(() => {
    const shown = new Set(deployments().map((d) => d.id));
    return fates
      .trouble()
      .incidents.filter((i) => i.openedAt < end && (i.deployment ? shown.has(i.deployment) : i.openedAt >= since(LEAD.deployments)));
  });
  const deployments = once(() => {
    const earliest = since(LEAD.deployments);
    const known = new Set(fates.trouble().incidents.flatMap((i) => (i.openedAt < end ? [i.id] : [])));
    const shown = fates.trouble().deployments.filter((d) => d.createdAt >= earliest && d.createdAt < end);
    return shown.map((d) => cutDeployment(d, end, known));
  });
  const deploymentOf = once(() => {
    const shown = new Set(deployments().map((d) => d.id));
    const reached = [...fates.reached()].filter(([, d]) => shown.has(d.id) && (d.finishedAt ?? end) < end);
    return new Map(reached.map(([pull, d]) => [pull, d.id]));
  });
  const pulls = once(() => shownPulls().map((p) => cutPull(p, end, deploymentOf().get(p.id) ?? null)));
  const pullIds = once(() => new Set(shownPulls().map((p) => p.id)));
  const shownIssues = once(() => {
    const incidents = new Set(shownIncidents().map((i) => i.id));
    const asked = new Set(tickets().map((t) => t.id));
    const earliest = since(LEAD.issues);
    const isShown = (issue: Issue) => {
      if (issue.incident !== null && issue.type === "Incident") return incidents.has(issue.incident);
      if (issue.ticket !== null) return asked.has(issue.ticket);
      return issue.type === "Epic" || issue.createdAt >= earliest;
    };
    return fates.issues().filter((i) => i.createdAt < end && isShown(i));
  });
  const issueKeys = once(() => new Set(shownIssues().map((i) => i.key)));
  const tickets = once(() => {
    return fates
      .tickets()
      .filter((t) => t.createdAt >= since(LEAD.tickets) && t.createdAt < end)
      .map((t) => cutTicket(t, end));
  });
  const ticketsByCustomer = once(() => Map.groupBy(tickets(), (t) => t.customer));
  const stock = once(() => {
    const ticketOf = new Map(tickets().flatMap((t) => (t.stockIssue ? [[t.stockIssue, t.id]] : [])));
    return fates
      .stock()
      .filter((s) => s.openedAt >= since(LEAD.stock) && s.openedAt < end)
      .map((s) => cutStock(s, end, ticketOf.get(s.id) ?? null));
  });
  const shownCustomers = once(() => fates.customers().filter((c) => c.cancelledOn === null || c.cancelledOn > frame.from));
  const measured = once(() => signals(frame, fates.trouble().incidents));
  const assisted = once(() => assistedWork(fates.pulls()));
  const coding = byDay((day) => codingOf(day, assisted(), frame));
  const wiki = once(() => pages(frame, shownIncidents()));
  const alerts = once(() => {
    const known = new Set(shownIncidents().map((i) => i.id));
    const earliest = since(LEAD.deployments);
    const all = alertFates(frame, fates.trouble().incidents);
    const shown = all.filter((a) => a.openedAt < end && (a.incident === null ? a.openedAt >= earliest : known.has(a.incident)));
    return shown.map((a) => cutAlert(a, end));
  });

  return {
    today,
    from: frame.from,
    now: end,
    seed,
    story: once(() =>
      worldStory(frame, {
        pulls: fates.pulls(),
        issues: fates.issues(),
        incidents: shownIncidents(),
        pages: wiki(),
        deploymentOf: deploymentOf(),
        isShown: { pull: (id) => pullIds().has(id), issue: (key) => issueKeys().has(key) },
      }),
    ),
    teams: () => TEAMS,
    people: once(() => peopleBetween(addDays(frame.from, -LEAD.people), lastDay, seed)),
    repositories: () => REPOSITORIES,
    services: () => SERVICES,
    pulls,
    deployments,
    releases: once(() => releases(frame, fates.pulls())),
    pipelineRuns: once(() => runFates(frame, fates.pulls()).map((r) => cutRun(r, end))),
    incidents: once(() => shownIncidents().map((i) => cutIncident(i, end))),
    alerts,
    hosts: once(() => hosts(frame)),
    signals: (service, from, to, step) => measured().of(service, from, to, step),
    errorGroups: (service, from, to) => measured().errorGroups(service, from, to),
    userExperience: (day) => (isDay(day) ? measured().userExperience(day) : []),
    projects: once(() => projects(frame)),
    sprints: once(() => sprints(frame, fates.planned())),
    issues: once(() => shownIssues().map((i) => cutIssue(i, end, (pull) => pullIds().has(pull)))),
    pages: wiki,
    cloudAccounts: () => ACCOUNTS,
    costs: byDay((day) => (isDay(day) ? costsOf(day, seed) : [])),
    resources: once(() => resources(frame)),
    savings: (day) => (isDay(day) ? savingsOf(day, seed) : undefined),
    costAnomalies: once(() => costAnomalies(today, seed)),
    budgets: () => BUDGETS,
    railwayProjects: () => RAILWAY,
    railwayUsage: (day) => (isDay(day) ? railwayUsageOf(day, seed) : []),
    aiModels: () => MODELS,
    aiWorkspaces: () => WORKSPACES.filter((w) => w.createdAt < end),
    aiKeys: () => KEYS.filter((k) => k.createdAt < end),
    aiUsage: (day) => (isDay(day) ? aiUsageOf(day, coding(day), seed) : []),
    coding: (day) => (isDay(day) ? coding(day) : []),
    completions: (day) => (isDay(day) ? completionsOf(day, frame) : undefined),
    completionSeats: once(() => completionSeats(frame)),
    customers: once(() => shownCustomers().map((c) => cutCustomer(c, lastDay))),
    customerMonths: (month) => customerMonthsOf(month, shownCustomers(), ticketsByCustomer(), fates.trouble().incidents, frame),
    revenue: (day) => (isDay(day) ? revenueOf(day, fates.customers(), seed) : []),
    revenueMonths: once(() => revenueMonths(frame, fates.customers())),
    tickets,
    stockIssues: stock,
    streaming: (day) => (isDay(day) ? streamingOf(day, fates.trouble().incidents, seed) : []),
  };
}

/** Remembers the answers for the days asked last. */
function byDay<T>(make: (day: CivilDate) => T): (day: CivilDate) => T {
  const kept = new Map<CivilDate, T>();
  return (day) => {
    const known = kept.get(day);
    if (known !== undefined) return known;
    const made = make(day);
    kept.set(day, made);
    const oldest = kept.keys().next();
    if (kept.size > KEPT_DAYS && !oldest.done) kept.delete(oldest.value);
    return made;
  };
}
