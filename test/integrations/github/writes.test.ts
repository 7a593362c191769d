import { expect, it } from "vitest";
import type { ToolContext } from "../../../src/core/tool.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { contextOf, toolOf } from "../../kit/vendor-connection.ts";
import type { Routes, VendorServer } from "../../kit/vendor-server.ts";
import { startGithub } from "./world.ts";

async function inGithub(
  routes: Routes,
  work: (world: { server: VendorServer; context: ToolContext; comment: ToolContext["tools"][number] }) => Promise<void>,
) {
  const { server, connection } = await startGithub(routes);
  await work({ server, comment: toolOf(connection, "comment_on_pull_request"), context: contextOf(connection) });
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
