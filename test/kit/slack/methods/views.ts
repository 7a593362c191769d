import { blame, refuse } from "../refusal.ts";
import { type Fields, fieldsOf, type StoredView, stringOf } from "../shapes.ts";
import { checkBlocks } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";

/** Home tabs and modals. */

export const VIEWS: Readonly<Record<string, Method>> = {
  "views.publish": method("user_id view", "hash", (args, desk) => {
    const user = stringOf(args.user_id);
    if (!desk.workspace.people.has(user)) refuse("user_not_found");
    const before = desk.workspace.homes.get(user);
    if (args.hash !== undefined && args.hash !== before?.hash) refuse("hash_conflict");
    const stored = store(args.view, "home", user, desk, before?.id);
    desk.workspace.homes.set(user, stored);
    return { view: wireView(stored) };
  }),
  "views.open": method("trigger_id view", "", (args, desk) => {
    const trigger = desk.workspace.useTrigger(stringOf(args.trigger_id));
    if (typeof trigger === "string") {
      if (trigger === "expired_trigger_id") refuse(trigger);
      blame(trigger, `views.open with a trigger that is ${trigger.split("_")[0]}`);
    }
    const stored = store(args.view, "modal", trigger.user, desk);
    desk.workspace.modals.push(stored);
    return { view: wireView(stored) };
  }),
  "views.update": method("view", "view_id external_id hash", (args, desk) => {
    const index = desk.workspace.modals.findIndex((v) => v.id === args.view_id);
    const before = desk.workspace.modals[index];
    if (!before) refuse("not_found");
    if (args.hash !== undefined && args.hash !== before.hash) refuse("hash_conflict");
    const stored = store(args.view, "modal", before.user, desk, before.id);
    desk.workspace.modals[index] = stored;
    return { view: wireView(stored) };
  }),
};

const SHARED = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const MODAL = ["title", "close", "submit", "clear_on_close", "notify_on_close"];

function store(value: unknown, type: "home" | "modal", user: string, desk: Desk, id = desk.workspace.nextId("V")): StoredView {
  const view = fieldsOf(value);
  const wrong = (what: string) =>
    blame("invalid_arguments", `view: ${what}`, { response_metadata: { messages: [`[ERROR] ${what} [json-pointer:/view]`] } });
  if (view.type !== type) wrong(`type ${String(view.type)}`);
  const known = type === "modal" ? [...SHARED, ...MODAL] : SHARED;
  for (const name of Object.keys(view)) if (!known.includes(name)) wrong(`invalid additional property: ${name}`);
  if (stringOf(view.private_metadata).length > 3_000) wrong("private_metadata is too long");
  if (type === "modal") {
    for (const name of ["title", "close", "submit"]) {
      const text = fieldsOf(view[name]);
      if (view[name] === undefined && name !== "title") continue;
      if (text.type !== "plain_text" || stringOf(text.text) === "" || stringOf(text.text).length > 24)
        wrong(`${name} must be plain_text of 1 to 24 characters`);
    }
  }
  checkBlocks(desk, view.blocks ?? null, type);
  return { id, user, view, hash: desk.workspace.nextId("h"), at: desk.now() };
}

export function wireView({ id, view, hash }: StoredView): Fields {
  return {
    id,
    team_id: "T0HARBOR",
    state: { values: {} },
    private_metadata: "",
    callback_id: "",
    previous_view_id: null,
    root_view_id: id,
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...view,
    hash,
  };
}
