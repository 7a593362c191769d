import { wireView } from "../methods/views.ts";
import type { Fields } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";
import { envelope, type Gesture } from "./gesture.ts";

/** What people do beside writing: open the app, press Stop, look elsewhere, remove the app. */
export interface AppGestures {
  homeOpened(user: string, tab: "home" | "messages"): Gesture;
  /** The person presses Stop in the thread: its live streams are stopped by them. */
  sessionStopped(channel: string, threadTs: string, user: string): Gesture;
  /** What the person looks at now. */
  contextChanged(user: string, lookingAt: readonly { type: string; value: unknown; team_id?: string }[]): Gesture;
  /** Any other event. */
  event(event: Fields): Gesture;
  /** The challenge when the address is entered in Slack's settings. HTTP only. */
  urlVerification(challenge: string): Gesture;
  /** Slack's check of the certificate: an unsigned form. HTTP only. */
  sslCheck(): Gesture;
}

export function appGestures(workspace: Workspace, now: () => Date): AppGestures {
  function wrap(event: Fields, channel = ""): Gesture {
    const ts = workspace.nextTs();
    const payload = envelope(
      { ...event, event_ts: ts },
      { eventId: workspace.nextId("Ev"), eventTime: now(), extShared: workspace.rooms.get(channel)?.extShared === true },
    );
    return { type: "events_api", payload, ts, channel };
  }

  return {
    homeOpened(user, tab) {
      const channel = workspace.directWith(user).id;
      const home = workspace.homes.get(user);
      return wrap({ type: "app_home_opened", user, channel, tab, ...(tab === "home" && home ? { view: wireView(home) } : {}) }, channel);
    },
    sessionStopped(channel, threadTs, user) {
      const streams = workspace.liveStreams(channel, threadTs);
      for (const { stream } of streams) if (stream) stream.state = "stopped_by_user";
      return wrap(
        { type: "agent_session_stopped", channel, user, thread_ts: threadTs, streaming_message_ts: streams.map((post) => post.ts) },
        channel,
      );
    },
    contextChanged(user, entities) {
      const channel = workspace.directWith(user).id;
      return wrap({ type: "app_context_changed", channel, user, context: { entities } }, channel);
    },
    event: (event) => wrap(event),
    urlVerification: (challenge) => ({
      type: "events_api",
      payload: { token: "legacy-verification-token", challenge, type: "url_verification" },
      ts: "",
      channel: "",
    }),
    sslCheck: () => ({ type: "handshake", payload: { ssl_check: "1", token: "legacy-verification-token" }, ts: "", channel: "" }),
  };
}
