import { Problem, retryAfterSeconds } from "./problem.js";
import { apiKey } from "./store.js";

/** @import { ProblemDocument } from "../wire.ts" */

/**
 * The `data` of an answer. Throws Problem.
 * @param {string} path
 */
export async function getJson(path) {
  return read(await send(path, { headers: { accept: "application/json" } }));
}

/**
 * @param {"POST" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} body
 */
export async function sendJson(method, path, body) {
  return read(
    await send(path, {
      method,
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** @param {Response} response */
function read(response) {
  return response.json().catch((error) => {
    throw asProblem(error);
  });
}

/**
 * With the key, where there is one. Throws Problem for every answer that is no success.
 * @param {string} path
 * @param {RequestInit} init
 */
export async function send(path, init) {
  const headers = new Headers(init.headers);
  const key = apiKey.get();
  if (key) headers.set("authorization", `Bearer ${key}`);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    throw asProblem(error);
  }
  if (response.ok) return response;
  /** @type {ProblemDocument} */
  const document = await response.json().catch(() => ({}));
  throw new Problem(response.status, document, retryAfterSeconds(response.headers.get("retry-after"), Date.now()));
}

/** @param {ProblemDocument} document */
export function problemOf(document) {
  return new Problem(document.status ?? 500, document);
}

/**
 * Anything a broken connection throws is "not reached"; an abort stays an abort.
 * @param {unknown} error
 */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  return new Problem(0);
}
