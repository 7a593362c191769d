import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/errors.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

/** Texts that databases have lost or changed before. */
const TEXTS: Record<string, string> = {
  empty: "",
  emoji: "👩‍👩‍👧‍👦 deploys 🚀 on 🇩🇪 servers",
  "right to left": "ما هي تكلفة الشهر الماضي؟ \u202eevil\u202c",
  combining: "e\u0301 is not \u00e9",
  quotes: `'; drop table claims; -- "\\' \${x} $1 ? :name @name`,
  "white space": " \t\r\n\u00a0\u2028 ",
  controls: "\u0001\u001b[31m\u007f\ufeff",
  "one megabyte": "naïve 🚀 ".repeat(100_000),
};

export function valuesSuite(store: StoreUnderTest): void {
  const keep = async (value: unknown, name = store.unique("value")) => {
    await store.database.kysely
      .insertInto("app_secrets")
      .values({ name, value: value as string })
      .execute();
    const row = await store.database.kysely.selectFrom("app_secrets").select("value").where("name", "=", name).executeTakeFirst();
    return row?.value;
  };

  describe("values", () => {
    for (const [name, text] of Object.entries(TEXTS)) {
      it(`keeps text unchanged: ${name}`, async () => {
        expect(await keep(text)).toBe(text);
      });
    }

    it("writes a Date as ISO-8601 UTC text, also as the only parameter", async () => {
      const at = new Date("2026-11-20T23:30:00.125Z");

      expect(await keep(at)).toBe("2026-11-20T23:30:00.125Z");
      const { kysely } = store.database;
      const found = await kysely
        .selectFrom("app_secrets")
        .select("value")
        .where("value", "=", at as unknown as string)
        .execute();
      expect(found.map((row) => row.value)).toEqual(["2026-11-20T23:30:00.125Z"]);
    });

    it("writes a boolean as 0 or 1", async () => {
      const { kysely } = store.database;
      const turn = await aTurn(store);

      await kysely
        .insertInto("tool_calls")
        .values({ id: turn, turn_id: turn, position: true as unknown as number, name: "t", input: "{}", outcome: "ok", duration_ms: 1 })
        .execute();

      const row = await kysely.selectFrom("tool_calls").select("position").where("id", "=", turn).executeTakeFirst();
      expect(row?.position).toBe(1);
    });

    const foreign = {
      object: { a: 1 },
      array: ["a"],
      map: new Map(),
      function: () => 1,
      symbol: Symbol("s"),
      NaN: Number.NaN,
      infinity: Infinity,
    };
    for (const [name, value] of Object.entries(foreign)) {
      it(`refuses what no column can hold instead of guessing: ${name}`, async () => {
        const key = store.unique("foreign");

        await expect(keep(value, key)).rejects.toThrow(TypeError);

        const rows = await store.database.kysely.selectFrom("app_secrets").select("name").where("name", "=", key).execute();
        expect(rows).toEqual([]);
      });
    }

    it("refuses an object also when it is the first parameter of a statement", async () => {
      const { kysely } = store.database;
      const write = kysely.insertInto("app_secrets").values({ name: { a: 1 } as unknown as string, value: "x" });

      await expect(write.execute()).rejects.toThrow(TypeError);
    });

    it("refuses an invalid Date", async () => {
      await expect(keep(new Date(Number.NaN))).rejects.toThrow(RangeError);
    });

    it("refuses text with a NUL character in words for a person", async () => {
      await expect(keep("a\0b")).rejects.toThrow(UserError);
      await expect(keep("a\0b")).rejects.toThrow(/NUL character/);
    });

    it("refuses a fraction in a column of whole numbers", async () => {
      const turn = await aTurn(store);
      const call = { id: turn, turn_id: turn, position: 0.5, name: "t", input: "{}", outcome: "ok" as const, duration_ms: 1 };

      await expect(store.database.kysely.insertInto("tool_calls").values(call).execute()).rejects.toThrow();
    });

    it("orders text by its bytes", async () => {
      const prefix = store.unique("order");
      for (const letter of ["b", "B", "a", "ä", "_", "Z"]) await keep("x", `${prefix}:${letter}`);

      const rows = await store.database.kysely
        .selectFrom("app_secrets")
        .select("name")
        .where("name", "like", `${prefix}:%`)
        .orderBy("name")
        .execute();
      expect(rows.map((row) => row.name.at(-1)).join("")).toBe("BZ_abä");
    });
  });
}

async function aTurn({ database, unique, now }: StoreUnderTest): Promise<string> {
  const id = unique("turn");
  const time = now().toISOString();
  const conversation = { id, channel: "console", user_id: "u", audience: "direct" as const, title: "", created_at: time, updated_at: time };
  await database.kysely.insertInto("conversations").values(conversation).execute();
  const turn = { id, conversation_id: id, user_id: "u", message_id: id, question: "", asked_at: time, state: "running" as const };
  await database.kysely.insertInto("turns").values(turn).execute();
  return id;
}
