import { IDS } from "../sample.ts";
import { type Fields, fieldsOf, listOf, stringOf } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";
import type { Gesture } from "./gesture.ts";

/**
 * What Slack does with the body of an acknowledgement: the answer to a command is shown, to its person only unless it says
 * otherwise; a submitted modal closes, changes or stays. Returns the arguments the app sent so, or undefined.
 */
export function applyAck(workspace: Workspace, gesture: Gesture, body: string): Fields | undefined {
  if (gesture.type === "slash_commands") return showAnswer(workspace, gesture, parse(body));
  if (gesture.payload.type === "view_submission") turnModal(workspace, gesture, parse(body));
  return undefined;
}

/** Plain text is an answer too. */
function parse(body: string): Fields {
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    return body.trim() ? { text: body } : {};
  }
}

function showAnswer(workspace: Workspace, { payload, channel }: Gesture, answer: Fields): Fields | undefined {
  const text = stringOf(answer.text);
  const blocks = listOf(answer.blocks);
  if (text === "" && blocks.length === 0) return undefined;
  workspace.add({
    channel,
    user: IDS.bot,
    text,
    blocks,
    ...(answer.response_type === "in_channel" ? {} : { onlyFor: stringOf(payload.user_id) }),
  });
  return answer;
}

function turnModal(workspace: Workspace, { payload }: Gesture, answer: Fields): void {
  const index = workspace.modals.findIndex((modal) => modal.id === fieldsOf(payload.view).id);
  const modal = workspace.modals[index];
  if (!modal || answer.response_action === "errors") return;
  if (answer.response_action === "update" || answer.response_action === "push")
    workspace.modals[index] = { ...modal, view: fieldsOf(answer.view) };
  else workspace.modals.splice(index, 1);
}
