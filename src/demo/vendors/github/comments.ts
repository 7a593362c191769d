import { jsonOf, type SimulatedRequest, type SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { loginOf, ORG, pageOf } from "./names.ts";

let written = 0;

/** A pull request by its issue's address, and a comment on it. undefined when there is none. */
export function answerIssue(
  { repository, number }: { repository: string; number: number },
  request: SimulatedRequest,
  world: World,
): SimulatedResponse | undefined {
  const pull = world.pulls().find((one) => one.repository === repository.toLowerCase() && one.number === number);
  if (!pull) return undefined;
  const page = pageOf(ORG, pull.repository, "pull", pull.number);
  if (request.method === "GET") {
    const { title, state, author } = pull;
    return {
      status: 200,
      body: { number, title, state: state === "open" ? "open" : "closed", html_url: page, user: { login: loginOf(author) } },
    };
  }
  const { body } = (jsonOf(request) ?? {}) as { body?: unknown };
  if (typeof body !== "string" || body.trim() === "")
    return {
      status: 422,
      body: { message: "Validation Failed", errors: [{ resource: "IssueComment", code: "missing_field", field: "body" }] },
    };
  written += 1;
  const at = request.now.toISOString();
  return {
    status: 201,
    body: { id: 900_000 + written, html_url: `${page}#issuecomment-${900_000 + written}`, body, created_at: at, updated_at: at },
  };
}
