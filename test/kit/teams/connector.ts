import { checkMessage } from "./messages.ts";
import { createRates } from "./rates.ts";
import { type Answer, blame, type Fields, Refusal, type Sent, type Standing } from "./shapes.ts";
import { createStreams } from "./streams.ts";

/** The Bot Connector's REST rules over what stands in its conversations. */
export function createConnectorRules() {
  let count = 0;
  const newId = () => `${1_795_000_000_000 + ++count}`;
  const rates = createRates();
  const streams = createStreams(newId);
  const standing: Standing[] = [];
  const removed = new Set<string>();

  /** Throws Refusal. */
  function take(request: Sent): Answer {
    const { method, path, conversation, body, at } = request;
    if (path === "/v3/conversations" && method === "POST") return create(body, at);
    if (removed.has(conversation)) throw new Refusal(403, "BotNotInConversationRoster");
    rates(conversation, at);
    if (method === "PUT") return edit(conversation, decodeURIComponent(path.split("/")[5] ?? ""), body);
    if (method === "POST" && /^\/v3\/conversations\/[^/]+\/activities(\/[^/]+)?$/.test(path)) return post(conversation, body, at);
    throw new Refusal(405, "MethodNotAllowed", { broken: `${method} ${path}` });
  }

  function post(conversation: string, activity: Fields, at: Date): Answer {
    if (activity.type !== "message" && activity.type !== "typing") blame(`an activity of type ${activity.type}`);
    checkMessage(activity, !conversation.startsWith("19:"));
    const streamed = streams.take(conversation, activity, at);
    if (streamed?.kind === "begun") return { status: 201, body: { id: streamed.id } };
    if (streamed?.kind === "final") standing.push({ id: streamed.id, conversation, activity });
    if (streamed) return { status: 202, body: {} };
    const id = newId();
    if (activity.type === "typing") return { status: 201, body: { id } };
    standing.push({ id, conversation, activity });
    // Teams makes two messages of it, and names neither.
    return activity.text && activity.attachments?.length ? { status: 202, body: {} } : { status: 201, body: { id } };
  }

  function edit(conversation: string, id: string, activity: Fields): Answer {
    checkMessage(activity, !conversation.startsWith("19:"));
    const found = standing.find((message) => message.id === id && message.conversation === conversation);
    if (!found) throw new Refusal(404, "ActivityNotFoundInConversation");
    found.activity = activity;
    return { status: 200, body: { id } };
  }

  function create({ channelData, activity, isGroup, tenantId }: Fields, at: Date): Answer {
    const channel = channelData?.channel?.id;
    if (!channel || !isGroup || !tenantId || !activity) blame("a new thread names channel, tenant and its first message");
    if (removed.has(channel)) throw new Refusal(403, "BotNotInConversationRoster");
    rates(channel, at);
    checkMessage(activity, false);
    const id = newId();
    const conversation = `${channel};messageid=${id}`;
    standing.push({ id, conversation, activity });
    return { status: 201, body: { id: conversation, activityId: id } };
  }

  return { take, standing, removed, cancel: streams.cancel };
}
