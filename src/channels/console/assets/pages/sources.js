import { listTools } from "../api.js";
import { readHealth, runTool } from "../pages-api.js";
import { el } from "../render/dom.js";
import { badge, lead, nothing, part, reading } from "./parts.js";

/**
 * @import { Check } from "../../wire.ts"
 * @import { PageActions } from "../pages.js"
 */

/**
 * What is connected, how it is, and what turns on the rest.
 * @param {HTMLElement} place
 * @param {string} _rest
 * @param {PageActions} actions
 */
export function show(place, _rest, actions) {
  place.append(lead("Where answers come from, and whether it could be reached."), reading(read, actions));
}

/** Checks that are of no source, in words. */
const HOUSE = new Map([
  ["database", "Database"],
  ["accepting", "Takes questions"],
  ["model", "Language model"],
]);

/** The whole check is an admin's; what was met last is no secret. */
async function read() {
  const mayCheck = (await listTools()).some(({ name }) => name === "doctor");
  return mayCheck ? checked() : metLast();
}

async function checked() {
  const { data } = await runTool("doctor");
  const { checks } = /** @type {{ checks: readonly Check[] }} */ (data);
  const on = checks.filter(({ state }) => state !== "off");
  const off = checks.filter(({ state }) => state === "off");
  return [
    part("Connected", list(on)),
    off.length > 0 ? part("Switched off", list(off)) : null,
    el("p", {}, el("a", { href: "/status" }, "Queues, counts and memory"), " of this deployment."),
  ];
}

async function metLast() {
  const checks = (await readHealth()).map((check) => ({ ...check, message: "" }));
  const [own, sources] = [checks.filter(({ name }) => HOUSE.has(name)), checks.filter(({ name }) => !HOUSE.has(name))];
  return [
    sources.length > 0
      ? part("When last asked", list(sources))
      : nothing(
          "No source is connected yet. On the server, this asks for one setting after the other and tries each:",
          "npm run -s firstmate -- init",
        ),
    own.length > 0 ? part("Firstmate itself", list(own.map((check) => ({ ...check, name: HOUSE.get(check.name) ?? check.name })))) : null,
    el(
      "p",
      { class: "small" },
      "An admin sees each check with its fix here; on the server, ",
      el("code", {}, "npm run -s firstmate -- doctor"),
      " says the same.",
    ),
  ];
}

/** @type {Record<string, "good" | "bad" | "warn" | "plain">} */
const TONES = { ok: "good", warning: "warn", failed: "bad", off: "plain" };

const ORDER = ["failed", "warning", "ok", "off"];

/** What needs somebody first. @param {readonly Check[]} checks */
function list(checks) {
  return el("ul", { class: "card checks" }, ...checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).map(check));
}

/** @param {Check} check */
function check({ name, state, message, fix }) {
  return el(
    "li",
    {},
    el("h3", { dir: "auto" }, name),
    badge(state, TONES[state] ?? "plain"),
    message || fix
      ? el("div", {}, message ? el("p", { dir: "auto" }, message) : null, fix ? el("p", { class: "small", dir: "auto" }, fix) : null)
      : null,
  );
}
