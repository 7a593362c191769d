import { listProjects, readBudgets, runTool } from "../pages-api.js";
import { el, when } from "../render/dom.js";
import { formatCount } from "../render/format.js";
import { prose } from "../render/prose.js";
import { lead, nothing, part, reading } from "./parts.js";

/**
 * @import { BudgetStanding, Finding, ProjectFigures, ProjectName, Spend } from "../../wire.ts"
 * @import { PageActions } from "../pages.js"
 */

/**
 * What answers may use today, and what projects may cost: used and left.
 * @param {HTMLElement} place
 * @param {string} _rest
 * @param {PageActions} actions
 */
export function show(place, _rest, actions) {
  place.append(
    lead("What has been used, and what is left."),
    part(
      "Answers of a language model",
      reading(async () => answers(await readBudgets()), actions),
    ),
    part(
      "Projects",
      reading(async () => projects(await listProjects(), actions), actions),
    ),
  );
}

/** @param {BudgetStanding} standing */
function answers({ model, until, scopes }) {
  return [
    model.state === "ok" ? null : el("p", { class: "notice" }, `${model.message.replace(/\.$/, "")}. ${model.fix ?? ""}`.trim()),
    el("div", { class: "tiles" }, ...scopes.map(scope)),
    el("p", { class: "small" }, "Counted by the day in UTC; it begins anew ", when(until), ". Money is at list prices."),
  ];
}

/** @param {BudgetStanding["scopes"][number]} scope */
function scope({ name, tokens, usd }) {
  return el("section", { class: "card tile" }, el("h3", {}, name), meter(tokens, formatCount, " tokens"), meter(usd, money, ""));
}

/**
 * @param {Spend} spend
 * @param {(value: number) => string} format
 * @param {string} unit
 */
function meter({ used, limit }, format, unit) {
  if (limit === null) return el("p", {}, `${format(used)}${unit} used; no limit is set.`);
  const left = used > limit ? `${format(used - limit)} over` : `${format(limit - used)} left`;
  const words =
    limit === 0 ? `None allowed: the limit is ${format(0)}${unit}.` : `${format(used)} of ${format(limit)}${unit} used, ${left}`;
  return el("label", { class: "meter" }, el("span", {}, words), bar(used, limit));
}

/**
 * @param {number} used
 * @param {number} limit
 */
function bar(used, limit) {
  const share = limit > 0 ? used / limit : 1;
  return el("progress", { value: Math.min(share, 1), max: 1, class: share >= 1 ? "over" : share >= 0.8 ? "near" : null });
}

/** @param {number} value */
function money(value) {
  return value.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

/**
 * @param {readonly ProjectName[]} known
 * @param {PageActions} actions
 */
function projects(known, actions) {
  if (known.length === 0)
    return [
      nothing(
        "No project is on record that you may see. With one, questions can be narrowed to it and its budget is watched here. An analyst makes one with POST /api/v1/projects.",
      ),
    ];
  const [withBudget, without] = [known.filter(({ budget }) => budget), known.filter(({ budget }) => !budget)];
  return [
    el("ul", { class: "tiles" }, ...withBudget.map((project) => projectTile(project, actions))),
    without.length > 0
      ? nothing(
          `Without a budget: ${without.map(({ name }) => name).join(", ")}. An analyst sets one by saying:`,
          `set the budget of project ${without[0]?.name} to 20,000 USD a month`,
        )
      : null,
  ];
}

/**
 * @param {ProjectName} project
 * @param {PageActions} actions
 */
function projectTile({ name, budget }, actions) {
  const limit = budget ? whole(budget.amount, budget.currency) : "";
  return el(
    "li",
    { class: "card tile" },
    el("h3", { dir: "auto" }, name),
    el("p", { class: "small" }, `${limit} a ${budget?.period}`),
    reading(async () => used(await runTool("project_metrics", { query: name })), actions),
  );
}

/** @param {Finding} finding */
function used({ data }) {
  const { budget, missing } = /** @type {ProjectFigures} */ (data);
  if (budget === null) return [el("p", {}, missing.find((one) => one.part === "budget")?.reason ?? "Nothing is known of it.")];
  const { amount, currency, usedShare, outlook, noOutlook } = budget.data;
  const inCurrency = (/** @type {number} */ value) => whole(value, currency);
  const ahead = outlook
    ? `Heading for ${inCurrency(outlook.total.mean)} by its end (80\u00a0%: ${inCurrency(outlook.total.lo80)} to ${inCurrency(outlook.total.hi80)}).`
    : noOutlook;
  const left = amount * (1 - usedShare);
  return [
    el("div", { class: "meter" }, prose(budget.text), bar(usedShare, 1)),
    el("p", {}, left >= 0 ? `${inCurrency(left)} left.` : `${inCurrency(-left)} over.`),
    ahead ? el("p", { class: "small" }, ahead) : null,
  ];
}

/**
 * @param {number} value
 * @param {string} currency
 */
function whole(value, currency) {
  return value.toLocaleString("en-US", { style: "currency", currency, maximumFractionDigits: 0 });
}
