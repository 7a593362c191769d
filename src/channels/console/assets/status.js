import { readStatus } from "./api.js";
import { keyForm } from "./key-form.js";
import { Problem } from "./problem.js";
import { el } from "./render/dom.js";
import { apiKey } from "./store.js";

/** @import { HouseStatus } from "../wire.ts" */

/** The deployment's own figures, for its admins; read anew every so often. */

const EVERY_MS = 15_000;
const words = /** @type {HTMLElement} */ (document.getElementById("words"));
const tables = /** @type {HTMLElement} */ (document.getElementById("tables"));

await look();
setInterval(look, EVERY_MS);

async function look() {
  if (document.hidden) return;
  try {
    show(await readStatus());
  } catch (error) {
    explain(error instanceof Problem ? error.status : 0);
  }
}

/** @param {HouseStatus} status */
function show(status) {
  const broken = status.dependencies.filter(({ state }) => state === "failed");
  words.textContent = `Version ${status.version}, up since ${new Date(status.startedAt).toLocaleString()}. ${
    broken.length === 0 ? "Everything that was asked last time answered." : `Not well: ${broken.map(({ name }) => name).join(", ")}.`
  }`;
  const { used, limit } = status.tokensToday;
  tables.replaceChildren(
    table(
      "Depends on",
      ["part", "state", ""],
      status.dependencies.map(({ name, state, message }) => [name, state, message]),
    ),
    table(
      "Waiting",
      ["queue", "waiting", "oldest"],
      status.queues.map(({ name, waiting, oldestS }) => [name, String(waiting), oldestS === null ? "–" : `${Math.round(oldestS)} s`]),
    ),
    table(
      "Counts",
      ["what", "how it ended", "number"],
      [
        ...Object.entries(status.since).flatMap(([what, ends]) =>
          Object.entries(ends).map(([end, n]) => [`${what} since the start`, end, String(n)]),
        ),
        ...status.posts.map(({ state, n }) => ["posts", state, String(n)]),
        ...status.alerts.map(({ severity, n }) => ["open alerts", severity, String(n)]),
        ["tokens today", `of ${limit.toLocaleString()}`, used.toLocaleString()],
        ["memory", "resident", `${Math.round(status.process.residentBytes / 1e6)} MB`],
        ["event loop", "99 % are late by at most", `${Math.round(status.process.eventLoopDelayP99S * 1000)} ms`],
      ],
    ),
  );
}

/** @param {number} status */
function explain(status) {
  words.textContent =
    status === 401
      ? "This page needs the key of an admin."
      : status === 403
        ? "This page is for admins. You are signed in as someone else."
        : "The figures could not be read just now.";
  // A form that is being filled in stays.
  if ((status !== 401 && status !== 403) || tables.querySelector("form")) return;
  const tryKey = (/** @type {string} */ key) => {
    apiKey.set(key);
    look();
  };
  tables.replaceChildren(keyForm(tryKey, "admin"));
}

/**
 * @param {string} title
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(title, head, rows) {
  return el(
    "section",
    { class: "card table-card" },
    el("header", {}, el("h3", {}, title)),
    el(
      "div",
      { class: "scroll" },
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell))))),
      ),
    ),
  );
}
