import { expect, it } from "vitest";
import type { ToolContext } from "../../../src/core/tool.ts";
import { github } from "../../../src/integrations/github/index.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { type Routes, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";

const NOW = new Date("2026-11-21T09:30:00Z");

async function inGithub(
  routes: Routes,
  work: (world: { server: VendorServer; context: ToolContext; comment: ToolContext["tools"][number] }) => Promise<void>,
) {
  const server = await startVendorServer(routes);
  const connection = await github.connect({ GITHUB_TOKEN: "t", GITHUB_ORG: "acme", GITHUB_API_URL: server.url }, { now: () => NOW });
  const user = { id: "local:ann", name: "Ann Oak", timeZone: "UTC", roles: ["analyst" as const] };
  const comment = connection.tools.find(({ name }) => name === "comment_on_pull_request");
  if (!comment) throw new Error("there is no such tool");
  try {
    await work({
      server,
      comment,
      context: { user, audience: "direct", now: NOW, signal: AbortSignal.timeout(60_000), tools: [], feeds: [] },
    });
  } finally {
    await connection.close();
    await server.close();
  }
}

const routes = {
  "GET /repos/acme/web/issues/12": { json: { title: "Mend the gate", html_url: "https://github.com/acme/web/pull/12" } },
  "POST /repos/acme/web/issues/12/comments": {
    status: 201,
    json: { id: 5, html_url: "https://github.com/acme/web/pull/12#issuecomment-5" },
  },
};

it("a comment is shown with the title of what it is on, and posted once", () =>
  inGithub(routes, async ({ server, context, comment }) => {
    const input = { key: "web#12", text: "Please add a test" };

    expect(await comment.preview?.(input, context)).toEqual({
      title: "Comment on web#12",
      lines: ["On: web#12 “Mend the gate”", "Comment: Please add a test", "Signed: By Firstmate, for Ann Oak."],
    });
    const { content } = await comment.run(input, context);

    expect(content).toBe("Commented on [web#12](https://github.com/acme/web/pull/12#issuecomment-5).");
    expect(server.requests.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
      { body: "Please add a test\n\n_By Firstmate, for Ann Oak._" },
    ]);
  }));

it("a comment that GitHub was too busy for is not sent again", () =>
  inGithub({ "POST /repos/acme/web/issues/12/comments": { status: 502, json: {} } }, async ({ server, context, comment }) => {
    await expect(comment.run({ key: "web#12", text: "x" }, context)).rejects.toThrow(/GitHub/);
    expect(server.requests).toHaveLength(1);
  }));

it.each([
  ["other/web#12", "I comment in the repositories of acme only."],
  ["web#404", "There is no pull request or issue web#404 in acme that the token may see."],
])("on %s there is no card", (key, says) =>
  inGithub({ "GET /repos/acme/web/issues/404": { status: 404, json: { message: "Not Found" } } }, async ({ context, comment }) => {
    await expect(comment.preview?.({ key, text: "x" }, context)).rejects.toThrow(says);
  }),
);

it.each([
  ["comment on web#12: Please add a test", { key: "web#12", text: "Please add a test" }],
  ["/comment acme/web#12 Please add a test", { key: "acme/web#12", text: "Please add a test" }],
  ["/comment WEB-12 Please add a test", undefined],
  ["show comments on web#12", undefined],
])("“%s” is read", (words, input) => inGithub({}, async ({ comment }) => expect(comment.fromWords?.(words)).toEqual(input)));

it.each(DEFINITION_CHECKS)("$name", ({ check }) => inGithub({}, async ({ comment }) => check(comment)));
