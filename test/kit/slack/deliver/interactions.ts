import { walk } from "../blocks/words.ts";
import { wireView } from "../methods/views.ts";
import { wireMessage } from "../methods/wire.ts";
import { IDS } from "../sample.ts";
import { type Fields, fieldsOf, listOf, type StoredView, stringOf } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";
import type { Gesture } from "./gesture.ts";
import { encodeTyped } from "./typed.ts";

/** Slash commands, buttons and modals. Each carries a fresh trigger_id and, where Slack gives one, a response_url. */
export interface InteractionGestures {
  command(given: { command: string; text?: string; user: string; channel: string; extra?: Fields }): Gesture;
  /** Presses what is really there: throws when the message or home tab shows no such element. */
  press(given: Press): Gesture;
  /** Submits the modal the person has open. `values` by block_id and action_id. */
  submit(given: { user: string; values?: Readonly<Record<string, Readonly<Record<string, Fields>>>> }): Gesture;
}

export interface Press {
  user: string;
  /** The message; without one, the person's home tab. */
  channel?: string;
  ts?: string;
  /** An action_id, or the label on the button. */
  button: string;
  /** Which of two feedback buttons. */
  verdict?: "positive" | "negative";
  /** value of the option, for a select. */
  option?: string;
}

export function interactionGestures(workspace: Workspace, origin: () => string): InteractionGestures {
  function common(user: string): Fields {
    const person = workspace.people.get(user);
    return {
      user: { id: user, username: person?.name ?? "", name: person?.name ?? "", team_id: person?.team ?? IDS.team },
      api_app_id: IDS.app,
      token: "legacy-verification-token",
      trigger_id: workspace.issueTrigger(user),
      team: { id: IDS.team, domain: "harbor" },
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  function press(given: Press): Gesture {
    const { user, channel = "", ts = "" } = given;
    const post = channel ? workspace.find(channel, ts) : undefined;
    const home = channel ? undefined : workspace.homes.get(user);
    const blocks = post ? (post.deleted ? [] : post.blocks) : listOf(home?.view.blocks);
    const action = { ...actionOf(blocks, given), action_ts: workspace.nextTs() };
    const place = post ? messagePlace(given, post.ts) : home ? viewPlace(home) : {};
    return {
      type: "interactive",
      payload: { type: "block_actions", ...common(user), ...place, state: { values: {} }, actions: [action] },
      ts,
      channel,
    };
  }

  function messagePlace({ user, channel = "" }: Press, ts: string): Fields {
    const post = workspace.find(channel, ts);
    const room = workspace.rooms.get(channel);
    const thread = post?.threadTs === undefined ? {} : { thread_ts: post.threadTs };
    const url = workspace.issueResponseUrl({
      room: channel,
      user,
      origin: ts,
      ...(post?.threadTs === undefined ? {} : { threadTs: post.threadTs }),
    });
    return {
      container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: post?.onlyFor !== undefined, ...thread },
      channel: {
        id: channel,
        name: room?.kind === "im" ? "directmessage" : room?.kind === "private" ? "privategroup" : (room?.name ?? ""),
      },
      ...(post && post.onlyFor === undefined ? { message: wireMessage(post, workspace) } : {}),
      response_url: `${origin()}${url}`,
    };
  }

  return {
    command({ command, text = "", user, channel, extra = {} }) {
      const room = workspace.rooms.get(channel);
      const payload = {
        token: "legacy-verification-token",
        team_id: IDS.team,
        team_domain: "harbor",
        channel_id: channel,
        channel_name: room?.kind === "im" ? "directmessage" : (room?.name ?? ""),
        user_id: user,
        user_name: workspace.people.get(user)?.name ?? "",
        command,
        text: encodeTyped(text, workspace, { labels: true }),
        api_app_id: IDS.app,
        is_enterprise_install: "false",
        response_url: `${origin()}${workspace.issueResponseUrl({ room: channel, user })}`,
        trigger_id: workspace.issueTrigger(user),
        ...extra,
      };
      return { type: "slash_commands", payload, ts: "", channel };
    },
    press,
    submit({ user, values = {} }) {
      const modal = workspace.modals.findLast((view) => view.user === user);
      if (!modal) throw new Error(`${user} has no modal open`);
      return {
        type: "interactive",
        payload: { type: "view_submission", ...common(user), view: { ...wireView(modal), state: { values } }, response_urls: [] },
        ts: "",
        channel: "",
      };
    },
  };
}

function viewPlace(home: StoredView): Fields {
  return { container: { type: "view", view_id: home.id }, view: wireView(home) };
}

const PRESSABLE = ["button", "feedback_buttons", "icon_button", "static_select", "overflow", "radio_buttons"];

function actionOf(blocks: readonly Fields[], { button, verdict = "positive", option }: Press): Fields {
  const labels: string[] = [];
  for (const [i, block] of blocks.entries()) {
    for (const element of walk(block)) {
      if (!PRESSABLE.includes(stringOf(element.type))) continue;
      const label = stringOf(fieldsOf(element.text).text);
      labels.push(`${stringOf(element.action_id)} "${label}"`);
      if (element.action_id !== button && label !== button) continue;
      return {
        ...resultOf(element, verdict, option),
        type: element.type,
        action_id: element.action_id,
        block_id: block.block_id ?? `b${i}`,
      };
    }
  }
  throw new Error(`there is no button "${button}" to press; there are: ${labels.join(", ") || "none"}`);
}

function resultOf(element: Fields, verdict: "positive" | "negative", option: string | undefined): Fields {
  if (element.type === "feedback_buttons") return { ...fieldsOf(element[`${verdict}_button`]) };
  if (element.options === undefined)
    return {
      text: element.text,
      ...(element.value === undefined ? {} : { value: element.value }),
      ...(element.url === undefined ? {} : { url: element.url }),
    };
  const selected = listOf(element.options).find((o) => o.value === option);
  if (!selected) throw new Error(`there is no option "${option}"`);
  return { selected_option: selected };
}
