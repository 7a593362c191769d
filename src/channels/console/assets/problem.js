/** @import { ProblemDocument } from "../wire.ts" */

/**
 * A question that got no answer. Status 0: the server was not reached or went away in the middle.
 */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {ProblemDocument} [document]
   * @param {number | null} [retryAfter] seconds to wait, when the server said so
   */
  constructor(status, document = {}, retryAfter = null) {
    super(document.detail ?? document.title ?? "");
    this.name = "Problem";
    this.status = status;
    this.document = document;
    this.retryAfter = retryAfter;
  }
}

/**
 * Seconds to wait by a Retry-After header, in either of its forms; null when absent or unreadable.
 * @param {string | null} header
 * @param {number} now milliseconds since the epoch
 * @returns {number | null}
 */
export function retryAfterSeconds(header, now) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/**
 * retry: ask the same again. key: show the key form. edit: put the question back into the box. new: start over.
 * @typedef {{ title: string, advice: string, details: string[], action: "retry" | "key" | "edit" | "new", wait: number }} Advice
 */

/**
 * What a person is told and can do about it. `wait` is in seconds.
 * @param {Problem} problem
 * @param {{ online: boolean, hasKey: boolean }} state
 * @returns {Advice}
 */
export function adviseOn(problem, { online, hasKey }) {
  const details = (problem.document.errors ?? []).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  const said = problem.message;
  const base = { details, wait: 0 };
  switch (problem.status) {
    case 0:
      return online
        ? {
            ...base,
            title: "The connection to Firstmate was lost",
            advice: "It may be restarting. Your question is kept: try again in a moment.",
            action: "retry",
          }
        : { ...base, title: "You are offline", advice: "Your question is kept. Try again once you are connected.", action: "retry" };
    case 401:
      return {
        ...base,
        title: hasKey ? "This key was not accepted" : "This console needs a key",
        advice: hasKey ? "It may be mistyped, expired or revoked." : "Your question is kept and asked once you have entered one.",
        action: "key",
      };
    case 403:
      return { ...base, title: "Your key may not do this", advice: said || "Ask an admin for a key with a higher role.", action: "key" };
    case 404:
      return { ...base, title: "This conversation is not here", advice: "It was deleted, or belongs to someone else.", action: "new" };
    case 413:
      return { ...base, title: "This question is too long", advice: said || "Shorten it and send it again.", action: "edit" };
    case 429:
      return {
        ...base,
        title: "Too many questions in a short time",
        advice: said || "The limit keeps the service quick for everyone.",
        action: "retry",
        wait: problem.retryAfter ?? 0,
      };
    default:
      break;
  }
  if (problem.status >= 500) {
    return {
      ...base,
      title: problem.status === 503 ? "Firstmate is restarting or busy" : (problem.document.title ?? "Something went wrong on our side"),
      advice: said || "Your question is kept: try again in a moment.",
      action: "retry",
      wait: problem.retryAfter ?? 0,
    };
  }
  return {
    ...base,
    title: problem.document.title ?? "This question could not be answered",
    advice: said || "Change the question and send it again.",
    action: "edit",
  };
}
