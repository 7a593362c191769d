import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { correlationId, createLog, withCorrelation } from "../../src/telemetry/log.ts";
import { fc } from "../kit/property.ts";

function openLog(level = "debug", secrets: readonly string[] = []) {
  const written: string[] = [];
  const log = createLog({ level, secrets, write: (line) => void written.push(line) });
  return { log, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("a log line", () => {
  test("is one line of JSON with level, time, message and data", () => {
    const { log, written, lines } = openLog();

    log.info("turn done", { ms: 12, nested: { text: "two\nlines\r\nand \u2028 more" } });

    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{[^\n\r]*\}\n$/);
    expect(lines()[0]).toMatchObject({ level: "info", msg: "turn done", ms: 12, nested: { text: "two\nlines\r\nand \u2028 more" } });
    expect(new Date(String(lines()[0]?.time)).toISOString()).toBe(lines()[0]?.time);
  });

  test("is one line of JSON whatever it holds", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.dictionary(fc.string({ unit: "binary" }), anything), (message, data) => {
        const { log, written, lines } = openLog();

        log.warn(message, data);

        expect(written).toHaveLength(1);
        expect(written[0]?.indexOf("\n")).toBe((written[0]?.length ?? 0) - 1);
        expect(lines()[0]).toMatchObject({ level: "warn" });
      }),
      { numRuns: 300 },
    );
  });

  test("keeps its own fields when the data has some of the same names", () => {
    const { log, lines } = openLog();

    withCorrelation("turn-1", () => log.error("the message", { level: "x", msg: "y", time: 1, correlation: "z" }));

    expect(lines()[0]).toMatchObject({
      level: "error",
      msg: "the message",
      correlation: "turn-1",
      level_: "x",
      msg_: "y",
      correlation_: "z",
    });
  });

  test("comes out although a part of it cannot be read", () => {
    const { log, lines } = openLog();
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );

    log.info("odd", { trap, fine: 1, round: globalThis });

    expect(lines()[0]).toMatchObject({ msg: "odd", trap: "[unreadable]", fine: 1 });
  });

  test("hides secrets in the message, in the data and in errors", () => {
    const { log, written } = openLog("debug", ["correct horse"]);

    log.error("with correct horse", { error: new Error("correct horse", { cause: { why: "correct horse" } }), password: "x y z" });

    expect(written[0]).not.toContain("correct horse");
    expect(written[0]).not.toContain("x y z");
  });

  test("is written from its level on, and its data is not read below it", () => {
    const { log, lines } = openLog("warn");
    let read = 0;
    const data = {
      get costly() {
        read += 1;
        return 1;
      },
    };

    log.debug("a", data);
    log.info("b", data);
    log.warn("c");
    log.error("d");

    expect(lines().map((l) => l.msg)).toEqual(["c", "d"]);
    expect(read).toBe(0);
  });
});

describe("the correlation id", () => {
  test("is on every line of its work, however deep and after every await", async () => {
    const { log, lines } = openLog();
    const work = (id: string) =>
      withCorrelation(id, async () => {
        log.info("start");
        await setImmediate();
        await Promise.all(
          [1, 2].map(async () => {
            await setImmediate();
            log.info("inner", { id });
          }),
        );
        queueMicrotask(() => log.info("micro", { id }));
        await setImmediate();
        log.info("end", { id });
        return correlationId();
      });

    const ids = await Promise.all(["turn-a", "turn-b", "turn-c"].map(work));
    log.info("outside");

    expect(ids).toEqual(["turn-a", "turn-b", "turn-c"]);
    for (const line of lines()) if (line.id !== undefined) expect(line.correlation).toBe(line.id);
    expect(lines().filter((l) => l.correlation === "turn-b")).toHaveLength(5);
    expect(lines().at(-1)).not.toHaveProperty("correlation");
    expect(correlationId()).toBeUndefined();
  });

  test("of work inside other work is its own, and the outer one comes back", () => {
    const { log, lines } = openLog();

    withCorrelation("outer", () => {
      withCorrelation("inner", () => log.info("x"));
      log.info("y");
    });

    expect(lines().map((l) => l.correlation)).toEqual(["inner", "outer"]);
  });
});
