import { expect, test } from "vitest";
import { z } from "zod";
import { withoutSecrets } from "../../src/app/withheld.ts";
import { defineTool, type Tool } from "../../src/core/tool.ts";
import { UserError, VendorError } from "../../src/errors.ts";
import { contextOf } from "../tools/world.ts";

const KEY = "hunter2-hunter2-hunter2";

function failing(fail: (name: string) => Error) {
  const tool = defineTool({
    ...{ name: "look", title: "Look", description: "Looks. Use it to look.", examples: [], effect: "read", role: "viewer" },
    input: z.strictObject({ name: z.string() }),
    async run({ name }) {
      throw fail(name);
    },
  });
  const guarded = withoutSecrets([KEY])(tool as unknown as Tool);
  return guarded.run({ name: "https://evil.example/?q=1" }, contextOf([])).catch((error: unknown) => error);
}

test("an error repeats no link of the arguments, and keeps those of its own", async () => {
  const error = await failing((name) => new UserError(`There is no “${name}”. See https://docs.example/help.`, { path: "name" }));

  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ message: "There is no “https∶//evil.example/?q=1”. See https://docs.example/help.", path: "name" });
});

test("a source's words in an error hold no secret", async () => {
  const error = await failing(() => new VendorError("Racks", "Racks refused.", { detail: `token ${KEY} is stale`, status: 401 }));

  expect(error).toMatchObject({ name: "VendorError", vendor: "Racks", status: 401, detail: "token [redacted] is stale" });
});

test("any other error stays what it was", async () => {
  const bug = new TypeError("x is not a function");

  expect(await failing(() => bug)).toBe(bug);
});
