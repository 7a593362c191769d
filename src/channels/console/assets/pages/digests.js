import { listDigests, runTool } from "../pages-api.js";
import { el, icon, when } from "../render/dom.js";
import { back, badge, findingElements, lead, nothing, part, reading, unseenHeading } from "./parts.js";

/**
 * @import { DigestList } from "../../wire.ts"
 * @import { PageActions } from "../pages.js"
 */

/**
 * The reports that go out by themselves, and what each would say now.
 * @param {HTMLElement} place
 * @param {string} rest name of a digest, or id of a subscription
 * @param {PageActions} actions
 */
export function show(place, rest, actions) {
  if (rest) place.append(...preview(rest, actions));
  else
    place.append(
      lead("Reports that go out by themselves, at their hour. No language model is in their way."),
      reading(async () => overview(await listDigests()), actions),
    );
}

/** @param {DigestList} list */
function overview({ digests, subscriptions }) {
  return [
    part(
      "What goes out",
      subscriptions.length === 0
        ? nothing("No digest goes out yet. In the Slack or Teams channel it is for, say:", "/digest add cost every weekday at 9 in Berlin")
        : el("ul", { class: "rows" }, ...subscriptions.map(subscription)),
    ),
    part("Digests there are", el("ul", { class: "tiles" }, ...digests.map(kind))),
  ];
}

/** @param {DigestList["subscriptions"][number]} subscription */
function subscription({ id, words, channel, conversation, paused, next, last }) {
  return el(
    "li",
    { class: "card row" },
    el("h3", { dir: "auto" }, el("a", { href: address(id) }, words)),
    paused ? badge("paused", "warn") : null,
    last ? badge(`last: ${last.state}`, last.state === "sent" ? "good" : last.state === "missed" ? "warn" : "plain") : null,
    el(
      "p",
      { class: "small" },
      `${channel} · ${conversation} · `,
      ...(paused ? ["none while it is paused"] : next ? ["next ", when(next)] : ["none within a year"]),
    ),
  );
}

/** @param {DigestList["digests"][number]} digest */
function kind({ name, title, summary, schedule }) {
  return el(
    "li",
    { class: "card tile" },
    el("h3", { dir: "auto" }, title),
    el("p", {}, summary),
    el("p", { class: "small" }, `Usually ${schedule.replace(/\b[a-z]+(?=days\b)/, (day) => `${day[0]?.toUpperCase()}${day.slice(1)}`)}`),
    el(
      "a",
      { class: "quiet", href: address(name), "aria-label": `What it would say now: ${title}` },
      icon("eye"),
      el("span", {}, "What it would say now"),
    ),
  );
}

/**
 * @param {string} name
 * @param {PageActions} actions
 */
function preview(name, actions) {
  return [
    back("#/digests", "All digests"),
    lead("As it would be posted now. Nothing is posted by looking."),
    unseenHeading("What it would say now"),
    reading(async () => findingElements(await runTool("digests", { command: `preview ${name}` }), actions), actions),
  ];
}

/** @param {string} name */
function address(name) {
  return `#/digests/${encodeURIComponent(name)}`;
}
