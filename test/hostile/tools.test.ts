import { expect, test } from "vitest";
import { openApp } from "../../src/app/index.ts";
import { remove, temporaryFolder } from "../kit/app.ts";
import { decoded } from "./canaries.ts";
import { EVIL, PAYLOADS } from "./mallory.ts";
import { watchSockets } from "./world.ts";

/** Every tool of the whole program, each of its arguments, a table of hostile values; over the simulated company. A new tool is in it by itself. */

/** Patterns that only our own insides would say. */
const INSIDES =
  /\bat \S+ \(?(?:file:|\/)\S+:\d+|node:internal|node_modules|SQLITE_|syntax error at or near|Parser Error|Catalog Error|root:x:0|TypeError|ReferenceError/;

test("no tool of the program breaks, tells of its insides, writes or goes anywhere else, whatever it is given", async () => {
  const folder = await temporaryFolder();
  const app = await openApp({ demo: true, alone: true, overrides: { DATA_DIR: folder, TIME_ZONE: "UTC" } });
  const sockets = watchSockets();
  const problems: string[] = [];
  let calls = 0;
  try {
    const context = app.toolContext(app.localUser, AbortSignal.timeout(150_000));
    for (const tool of app.tools) {
      for (const [field, value] of hostileInputs(Object.keys(tool.input.shape), tool.name.length)) {
        const parsed = tool.input.safeParse({ [field]: value });
        if (!parsed.success) continue;
        calls += 1;
        const said = await tool.run(parsed.data, context).then(
          // An address that a finding repeats would count as one that a source gave.
          ({ content, blocks, suggestions, receipts }) =>
            content.includes(LINK) || JSON.stringify(receipts).includes(LINK)
              ? "broke: it repeats an address"
              : JSON.stringify([content, blocks, suggestions]),
          (error: Error) => {
            if (!["UserError", "VendorError"].includes(error.name)) return `broke: ${error.stack}`;
            return error.message.includes(LINK)
              ? `broke: its error repeats an address: ${error.message}`
              : JSON.stringify([error.message, error]);
          },
        );
        if (said.startsWith("broke") || INSIDES.test(said))
          problems.push(`${tool.name} ${field}=${String(value).slice(0, 40)}: ${said.slice(0, 200)}`);
        if ([...decoded(said)].some((form) => form.includes("root:x:0"))) problems.push(`${tool.name} reads files`);
      }
    }
    const elsewhere = sockets.opened.filter(({ host }) => !["127.0.0.1", "::1", "::ffff:127.0.0.1"].includes(host));

    expect(problems).toEqual([]);
    expect(elsewhere).toEqual([]);
    expect(calls).toBeGreaterThan(app.tools.length);
    expect(app.tools.filter(({ effect, proposes }) => effect === "write" && !proposes).map(({ name }) => name)).toEqual([]);
    expect((await app.audit.verify()).ok).toBe(true);
  } finally {
    sockets.stop();
    await app.close();
    await remove(folder);
  }
}, 180_000);

const PER_FIELD = 1;
const LINK = `https://${EVIL}/?q=loot`;

/** Some values for each field, other ones for each tool: all of them come up in all of it. */
function* hostileInputs(fields: readonly string[], start: number): Generator<[string, unknown]> {
  for (const field of fields) yield [field, LINK];
  for (const [i, field] of fields.entries())
    for (let n = 0; n < PER_FIELD; n++) yield [field, PAYLOADS[(start + i * PER_FIELD + n) % PAYLOADS.length]];
}
