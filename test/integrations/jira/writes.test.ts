import { describe, expect, it } from "vitest";
import type { ToolContext } from "../../../src/core/tool.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { contextOf, startVendor, toolOf } from "../../kit/vendor-connection.ts";
import type { Routes, VendorServer } from "../../kit/vendor-server.ts";
import { connectJira, NAMES, SETUP } from "./world.ts";

async function inJira(
  routes: Routes,
  work: (world: {
    server: VendorServer;
    context: ToolContext;
    create: ReturnType<typeof toolOf>;
    comment: ReturnType<typeof toolOf>;
  }) => Promise<void>,
) {
  const { server, connection } = await startVendor(connectJira, { ...SETUP, ...NAMES, ...routes });
  await work({
    server,
    context: contextOf(connection),
    create: toolOf(connection, "create_issue"),
    comment: toolOf(connection, "comment_on_issue"),
  });
}

const created = { "POST /rest/api/3/issue": { status: 201, json: { id: "1", key: "WEB-77", self: "x" } } };
const posts = (server: VendorServer) =>
  server.requests.filter(({ method, path }) => method === "POST" && path.startsWith("/rest/api/3/issue"));
const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

describe("an issue", () => {
  it("is shown as it will be, and made as it was shown", () =>
    inJira(created, async ({ server, context, create }) => {
      const input = create.input.parse({
        project: "web shop",
        summary: "Till {freezes}",
        description: "[~accountid:x]\n\nSince Monday",
        type: "bug",
      });

      expect(await create.preview?.(input, context)).toEqual({
        title: "Create a Bug in WEB",
        lines: [
          "Project: WEB (Web shop), at acme.atlassian.net",
          "Type: Bug",
          "Summary: Till {freezes}",
          "Description: [~accountid:x]\n\nSince Monday",
          "Signed: Created by Firstmate for Ann Oak.",
        ],
      });
      expect(posts(server)).toEqual([]);
      const { content } = await create.run(input, context);

      expect(content).toContain("WEB-77");
      expect(posts(server).map(({ body }) => body)).toEqual([
        {
          fields: {
            project: { key: "WEB" },
            issuetype: { name: "Bug" },
            summary: "Till {freezes}",
            description: {
              type: "doc",
              version: 1,
              content: [paragraph("[~accountid:x]"), paragraph("Since Monday"), paragraph("Created by Firstmate for Ann Oak.")],
            },
          },
        },
      ]);
    }));

  it("is asked for once, whatever Jira answers", () =>
    inJira({ "POST /rest/api/3/issue": { status: 503, json: { errorMessages: ["Busy"] } } }, async ({ server, context, create }) => {
      await expect(create.run(create.input.parse({ project: "WEB", summary: "Till", type: "Bug" }), context)).rejects.toThrow(/Jira/);
      expect(posts(server)).toHaveLength(1);
    }));

  it.each([
    ["a project that is none", { project: "NOPE", summary: "Till" }, /There is WEB/],
    ["a type that is none", { project: "WEB", summary: "Till", type: "Wish" }, /There is no type “Wish”/],
  ])("with %s has no card", (_, given, says) =>
    inJira({}, async ({ context, create }) => {
      await expect(create.preview?.(create.input.parse(given), context)).rejects.toThrow(says);
    }),
  );

  it.each([
    ["/issue WEB Till freezes -- Since Monday", { project: "WEB", summary: "Till freezes", description: "Since Monday" }],
    ["file a bug in WEB: Till freezes", { project: "WEB", summary: "Till freezes", type: "Bug" }],
    [
      "Please create a new ticket for Web shop: Till freezes\nSince Monday",
      { project: "Web shop", summary: "Till freezes", description: "Since Monday" },
    ],
    ["open bugs in WEB", undefined],
    ["which issues were created in WEB?", undefined],
  ])("is read from “%s”", (words, input) => inJira({}, async ({ create }) => expect(create.fromWords?.(words)).toEqual(input)));

  it.each(["/issue", "/issue WEB", "create a ticket about the outage"])("asks back for “%s”", (words) =>
    inJira({}, async ({ create }) => expect(() => create.fromWords?.(words)).toThrow(/Which project/)),
  );
});

describe("a comment", () => {
  const routes = {
    "GET /rest/api/3/issue/WEB-1": { json: { key: "WEB-1", fields: { summary: "Mend the gate" } } },
    "POST /rest/api/3/issue/WEB-1/comment": { status: 201, json: { id: "9" } },
  };

  it("is shown with the issue's title, and posted as text", () =>
    inJira(routes, async ({ server, context, comment }) => {
      const input = { key: "web-1", text: "The fix is out" };

      expect((await comment.preview?.(input, context))?.lines[0]).toBe("Issue: WEB-1 “Mend the gate”");
      await comment.run(input, context);

      expect(posts(server).map(({ body }) => body)).toEqual([
        { body: { type: "doc", version: 1, content: [paragraph("The fix is out"), paragraph("For Ann Oak, by Firstmate.")] } },
      ]);
    }));

  it("on an issue that is none has no card", () =>
    inJira(
      { "GET /rest/api/3/issue/WEB-404": { status: 404, json: { errorMessages: ["Issue does not exist"] } } },
      async ({ context, comment }) => {
        await expect(comment.preview?.({ key: "WEB-404", text: "x" }, context)).rejects.toThrow("There is no issue WEB-404 in Jira");
      },
    ));
});

describe("the definitions", () => {
  it.each(DEFINITION_CHECKS)("$name", ({ check }) =>
    inJira({}, async ({ create, comment }) => {
      check(create);
      check(comment);
    }),
  );
});
