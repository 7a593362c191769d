import { IDS } from "../sample.ts";
import type { Fields } from "../shapes.ts";

/** Something a person did, as Slack would tell the app. Sent over HTTP or over the socket, once or more. */
export interface Gesture {
  /** The socket's name for it; over HTTP it decides the form of the body. */
  type: "events_api" | "slash_commands" | "interactive" | "handshake";
  payload: Fields;
  /** Of the message that was written or pressed, if any. */
  ts: string;
  /** Where it happened. */
  channel: string;
}

export interface EnvelopeContext {
  eventId: string;
  eventTime: Date;
  extShared: boolean;
  app?: string;
}

/** The Events API's outer object. */
export function envelope(event: Fields, { eventId, eventTime, extShared, app = IDS.app }: EnvelopeContext): Fields {
  return {
    token: "legacy-verification-token",
    team_id: IDS.team,
    context_team_id: IDS.team,
    context_enterprise_id: null,
    api_app_id: app,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(eventTime.getTime() / 1000),
    authorizations: [{ enterprise_id: null, team_id: IDS.team, user_id: IDS.bot, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: extShared,
    event_context: `4-${eventId}`,
  };
}
