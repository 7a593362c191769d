import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serve } from "../../kit/app.ts";

const FIXTURE = fileURLToPath(new URL("fixture-server.ts", import.meta.url));
const program = (kind: string) => ({ command: process.execPath, args: [FIXTURE, kind] });

test("the list of tools waits for no server, and names those that have not answered", async () => {
  const app = await serve({ args: [], env: { MCP_SERVERS: JSON.stringify({ mute: program("silent"), notes: program("good") }) } });
  try {
    const listed = async () => (await app.get("/api/v1/tools")).json;

    expect((await listed()).meta.waitingFor).toContain("MCP server mute");
    await expect
      .poll(async () => (await listed()).data.some(({ name }: { name: string }) => name.startsWith("notes__")), { timeout: 25_000 })
      .toBe(true);
    expect((await listed()).meta.waitingFor).toEqual(["MCP server mute"]);
  } finally {
    await app.stop();
  }
}, 40_000);
