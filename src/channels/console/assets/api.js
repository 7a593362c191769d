import { asProblem, getJson, problemOf, send, sendJson } from "./http.js";
import { Problem } from "./problem.js";
import { chunksOf, readEvents } from "./stream.js";

/** @import { Answer, ConversationSummary, HouseStatus, StoredConversation, ToolSummary } from "../wire.ts" */

/**
 * @typedef {{ conversation: string } | { status: string } | { text: string } | { answer: Answer }} Progress
 * @typedef {{ label?: string, greeting: string, advice?: string, suggestions: readonly string[], signIn?: string }} Start
 */

/**
 * Asks one question. Yields the conversation it belongs to, statuses and texts, then exactly one answer. Throws Problem, or the abort's own error.
 * @param {{ question: string, conversation: string | null, project: string | null }} turn
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Progress, void>}
 */
export async function* ask({ question, conversation, project }, signal) {
  const response = await send("/api/v1/ask", {
    method: "POST",
    headers: { accept: "text/event-stream", "content-type": "application/json" },
    body: JSON.stringify({ question, ...(conversation === null ? {} : { conversation }), ...(project === null ? {} : { project }) }),
    signal,
  });
  if (!response.body) throw new Problem(0);
  let answered = false;
  try {
    for await (const { event, data } of readEvents(chunksOf(response.body))) {
      if (event === "start") yield { conversation: String(JSON.parse(data).conversation) };
      if (event === "status") yield { status: String(JSON.parse(data).status ?? "") };
      if (event === "text") yield { text: String(JSON.parse(data).text ?? "") };
      if (event === "error") throw problemOf(JSON.parse(data));
      if (event === "final") {
        answered = true;
        yield { answer: JSON.parse(data) };
      }
    }
  } catch (error) {
    throw asProblem(error);
  }
  if (!answered) throw new Problem(0);
}

/** @returns {Promise<readonly ConversationSummary[]>} newest first */
export async function listConversations() {
  /** @type {{ data: ConversationSummary[] }} */
  const { data } = await getJson("/api/v1/conversations");
  return data.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

/**
 * @param {string} id
 * @returns {Promise<StoredConversation>}
 */
export async function readConversation(id) {
  return (await getJson(`/api/v1/conversations/${encodeURIComponent(id)}`)).data;
}

/**
 * @param {string} turn
 * @param {"good" | "bad"} verdict
 */
export async function giveFeedback(turn, verdict) {
  await sendJson("POST", `/api/v1/turns/${encodeURIComponent(turn)}/feedback`, { verdict });
}

/**
 * @param {string} id
 * @param {string} title
 */
export async function renameConversation(id, title) {
  await sendJson("PATCH", `/api/v1/conversations/${encodeURIComponent(id)}`, { title });
}

/** For good, with its answers. @param {string} id */
export async function deleteConversation(id) {
  await sendJson("DELETE", `/api/v1/conversations/${encodeURIComponent(id)}`, {});
}

/** @returns {Promise<readonly ToolSummary[]>} */
export async function listTools() {
  return (await getJson("/api/v1/tools")).data;
}

/** @returns {Promise<Start>} */
export async function readStart() {
  return getJson("/console/start.json");
}

/**
 * A chart's picture when plain `<img>` may not fetch it, because it needs the key.
 * @param {string} path
 */
export async function readImage(path) {
  return (await send(path, {})).blob();
}

/**
 * How the house is; for admins.
 * @returns {Promise<HouseStatus>}
 */
export async function readStatus() {
  return (await getJson("/api/v1/status")).data;
}

/**
 * @param {string} link what stands after the # of a sign-in link
 * @returns {Promise<{ name: string }>}
 */
export async function signIn(link) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ link }) };
  return (await (await send("/api/v1/auth/session", init)).json()).data;
}

/** As whom the page acts. Rejects with Problem 401 when as nobody. @returns {Promise<{ name: string }>} */
export async function whoAmI() {
  return (await getJson("/api/v1/me")).data;
}

export async function signOut() {
  await send("/api/v1/auth/session", { method: "DELETE" });
}
