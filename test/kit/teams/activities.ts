import type { Fields } from "./shapes.ts";

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const APP = "22222222-2222-4222-8222-222222222222";
export const BOT = { id: `28:${APP}`, name: "Firstmate" };
export const ADA = { id: "29:ada", name: "Ada Lovelace", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000001" };

export const PERSONAL = { id: "a:ada", conversationType: "personal", tenantId: TENANT };
export const GROUP = { id: "19:group@thread.v2", conversationType: "groupChat", isGroup: true, tenantId: TENANT };
export const CHANNEL = { id: "19:channel@thread.tacv2", conversationType: "channel", isGroup: true, tenantId: TENANT };

/** Activities as Teams sends them, from Ada unless a test says otherwise. */
export function activitiesFor(base: string) {
  let count = 0;
  const frame = (fields: Fields): Fields => ({
    id: `17${++count}`.padEnd(13, "0"),
    timestamp: "2026-11-21T09:00:00.000Z",
    localTimestamp: "2026-11-21T10:00:00.000+01:00",
    channelId: "msteams",
    serviceUrl: base,
    from: ADA,
    conversation: PERSONAL,
    recipient: BOT,
    channelData: { tenant: { id: TENANT } },
    locale: "en-US",
    ...fields,
  });
  const at = `<at>${BOT.name}</at>`;
  const mention = { type: "mention", mentioned: BOT, text: at };
  return {
    frame,
    message: (text: string, fields: Fields = {}) => frame({ type: "message", text, textFormat: "plain", ...fields }),
    mentioned: (text: string, conversation: Fields = GROUP, fields: Fields = {}) =>
      frame({ type: "message", text: `${at}&nbsp;${text}`, conversation, entities: [mention], ...fields }),
    inThread: (text: string, root = "1700") =>
      frame({
        type: "message",
        text: `${at} ${text}`,
        entities: [mention],
        conversation: { ...CHANNEL, id: `${CHANNEL.id};messageid=${root}` },
      }),
    /** A button of a card that submits. */
    submit: (value: Fields, fields: Fields = {}) => frame({ type: "message", value, replyToId: "1699", ...fields }),
    execute: (verb: string, data: Fields, fields: Fields = {}) =>
      frame({
        type: "invoke",
        name: "adaptiveCard/action",
        value: { action: { type: "Action.Execute", verb, data }, trigger: "manual" },
        replyToId: "1699",
        ...fields,
      }),
    feedback: (reaction: string, replyToId?: string, fields: Fields = {}) =>
      frame({
        type: "invoke",
        name: "message/submitAction",
        value: { actionName: "feedback", actionValue: { reaction, feedback: '{"feedbackText":""}' } },
        ...(replyToId ? { replyToId } : {}),
        ...fields,
      }),
    installed: (conversation: Fields = CHANNEL, action = "add") => frame({ type: "installationUpdate", action, conversation }),
    /** The first kind of copy: the same id. */
    again: (activity: Fields) => ({ ...activity }),
    /** The second kind: another id and another time. */
    copy: (activity: Fields) => ({ ...activity, id: `f:${++count}`, timestamp: "2026-11-21T09:00:30.000Z" }),
  };
}
