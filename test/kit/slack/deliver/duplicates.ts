import { IDS } from "../sample.ts";
import { type Fields, fieldsOf, stringOf } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";
import type { Gesture } from "./gesture.ts";
import { channelType } from "./messages.ts";

/** The kinds of duplicates besides the retry, which is the same gesture sent with `retry`. */
export interface DuplicateGestures {
  /** app_mention ↔ message: same channel, ts and client_msg_id, another event_id. */
  twin(gesture: Gesture, options?: { withoutClientId?: boolean }): Gesture;
  /** The same gesture surfaced again: same client_msg_id, another ts and event_id. */
  surfacedAgain(gesture: Gesture): Gesture;
  /** The same message, told to another app it names: same event_id, another api_app_id. */
  forOtherApp(gesture: Gesture): Gesture;
}

export function duplicateGestures(workspace: Workspace): DuplicateGestures {
  function vary(gesture: Gesture, event: Fields, outer: Fields = { event_id: workspace.nextId("Ev") }): Gesture {
    return { ...gesture, ts: stringOf(event.ts), payload: { ...gesture.payload, ...outer, event } };
  }

  return {
    twin(gesture, { withoutClientId = false } = {}) {
      const { channel_type: _, client_msg_id: id, ...event } = fieldsOf(gesture.payload.event);
      const room = workspace.rooms.get(gesture.channel);
      const other =
        event.type === "app_mention" ? { type: "message", channel_type: room ? channelType(room) : "channel" } : { type: "app_mention" };
      return vary(gesture, { ...event, ...other, ...(withoutClientId || id === undefined ? {} : { client_msg_id: id }) });
    },
    surfacedAgain(gesture) {
      const event = fieldsOf(gesture.payload.event);
      const ts = workspace.nextTs();
      const post = workspace.find(gesture.channel, gesture.ts);
      if (post) workspace.add({ ...post, ts });
      return vary(gesture, { ...event, ts, event_ts: ts });
    },
    forOtherApp(gesture) {
      const authorizations = [{ enterprise_id: null, team_id: IDS.team, user_id: "U0RIVAL", is_bot: true, is_enterprise_install: false }];
      return vary(gesture, fieldsOf(gesture.payload.event), { api_app_id: IDS.otherApp, authorizations });
    },
  };
}
