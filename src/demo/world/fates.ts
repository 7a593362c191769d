import { addDays } from "../../core/civil-date.ts";
import { dayOf } from "./calendar.ts";
import { customerFates } from "./customers.ts";
import { deploymentFates, firstDeployments } from "./deployments.ts";
import { incidentIssue, supportIssue } from "./follow-ups.ts";
import { type Frame, once } from "./frame.ts";
import { troubles } from "./incidents.ts";
import { issueFates } from "./issues.ts";
import { itemPlans } from "./items.ts";
import { pullFates } from "./pulls.ts";
import { stockFates } from "./stock.ts";
import { ticketFates } from "./tickets.ts";

/**
 * What happens in the world with all its consequences, also those after `now`: work → pull requests → deployments →
 * incidents → tickets → issues. Each is worked out when first asked for, from those before it.
 */
export type Fates = ReturnType<typeof fatesOf>;

export function fatesOf(frame: Frame) {
  const lastDay = dayOf(frame.now - 1);
  const items = once(() => itemPlans(frame));
  const pulls = once(() => pullFates(frame, items()));
  const trouble = once(() => troubles(frame, deploymentFates(frame, pulls()), pulls()));
  const reached = once(() => firstDeployments(trouble().deployments));
  // A month more than is shown: weeks are numbered whole, and who had left by then still wrote tickets.
  const customers = once(() => customerFates(frame, lastDay, addDays(frame.from, -31)));
  const stock = once(() => stockFates(frame, customers()));
  const tickets = once(() => ticketFates(frame, customers(), trouble().incidents, stock()));
  const planned = once(() => issueFates(frame, items(), pulls(), reached()));
  const issues = once(() => {
    const byId = new Map(customers().map((c) => [c.id, c]));
    const support = tickets().flatMap((t) => supportIssue(t, byId.get(t.customer)) ?? []);
    const followUps = trouble().incidents.flatMap((i) => incidentIssue(i, frame) ?? []);
    return [...planned(), ...support, ...followUps].sort((a, b) =>
      a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.key < b.key ? -1 : 1,
    );
  });
  return { lastDay, items, pulls, trouble, reached, customers, stock, tickets, issues, planned };
}
