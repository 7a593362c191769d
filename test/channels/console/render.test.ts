import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/core/reply.ts";
import { pageModule } from "./page-module.ts";

type Cell = string | number | null;

const format = await pageModule<{
  cellFormatter(column: Column, cells: readonly Cell[]): (cell: string | number) => string;
  unitNote(column: Column): string;
  formatDate(text: string): string;
  formatWindow(window: { from: string; to: string }): string;
  formatAge(instant: string, now: number): string;
}>("render/format.js");
const table = await pageModule<{
  toCsv(table: { columns: readonly Column[]; rows: readonly (readonly Cell[])[] }): string;
  compareCells(a: Cell, b: Cell, order: string): number;
  nextOrder(current: string | null, numeric: boolean): string;
}>("render/table.js");

describe("cells", () => {
  it.each([
    [{ type: "money", unit: "USD" }, [1234.5, -3], ["$1,234.50", "−$3.00"]],
    [{ type: "money", unit: "JPY" }, [1234], ["¥1,234"]],
    [{ type: "money", unit: "USD" }, [0.0031, 2, 0.0000012, 0], ["$0.0031", "$2.0000", "$0.0000012", "$0.0000"]],
    [{ type: "money" }, [12], ["12.00"]],
    [{ type: "percent" }, [0.8, 0.0734, -0.1, 0.0002], ["80.0%", "7.3%", "−10.0%", "0.02%"]],
    [{ type: "number", unit: "ms" }, [1200, 7], ["1,200", "7"]],
    [{ type: "number" }, [1.5, 2], ["1.50", "2.00"]],
    [{ type: "date" }, ["2026-11-21", "2026-11-21T08:05:00.000Z", "soon"], ["21 November 2026", "21 November 2026, 08:05 UTC", "soon"]],
    [{ type: "text" }, ["a", 5], ["a", "5"]],
  ] as const)("of %j: %j read as %j", (kind, cells, expected) => {
    const show = format.cellFormatter({ label: "x", ...kind }, cells);

    expect(cells.map((cell) => show(cell))).toEqual(expected);
  });

  it("name their unit in the header only where they do not show it", () => {
    expect(format.unitNote({ label: "x", type: "number", unit: "ms" })).toBe("ms");
    expect(format.unitNote({ label: "x", type: "number", unit: "count" })).toBe("");
    expect(format.unitNote({ label: "x", type: "money", unit: "EUR" })).toBe("");
  });
});

describe("windows and ages", () => {
  it("write a window as one phrase", () => {
    expect(format.formatWindow({ from: "2026-10-01", to: "2026-10-31" }).replace(/\s*–\s*/, "–")).toBe("1–31 October 2026");
    expect(format.formatWindow({ from: "2026-10-01", to: "2026-10-01" })).toBe("1 October 2026");
    expect(format.formatWindow({ from: "then", to: "now" })).toBe("then – now");
  });

  it("write an age in the largest whole unit", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(format.formatAge("2026-11-21T11:57:30Z", now)).toBe("2 minutes ago");
    expect(format.formatAge("2026-11-20T11:57:30Z", now)).toBe("yesterday");
    expect(format.formatAge("2026-11-21T12:00:20Z", now)).toBe("just now");
    expect(format.formatAge("garbage", now)).toBe("");
  });
});

describe("a table", () => {
  const columns: Column[] = [
    { label: "Service", type: "text" },
    { label: "Cost", type: "money", unit: "USD" },
    { label: "Share", type: "percent" },
  ];

  it("copies as CSV with raw values, empty cells for missing ones, and no formulas", () => {
    const rows = [
      ['Say "a, b"', 1.5, 0.8],
      ["=HYPERLINK(1)", -2, null],
      ["two\nlines", 0, 0],
    ];

    expect(table.toCsv({ columns, rows })).toBe(
      'Service,Cost (USD),Share\r\n"Say ""a, b""",1.5,0.8\r\n\'=HYPERLINK(1),-2,\r\n"two\nlines",0,0\r\n',
    );
  });

  it("sorts numbers as numbers, words naturally, missing cells last in either order", () => {
    const by = (order: string) => (a: Cell, b: Cell) => table.compareCells(a, b, order);

    expect([2, null, 10, 1].sort(by("ascending"))).toEqual([1, 2, 10, null]);
    expect([2, null, 10, 1].sort(by("descending"))).toEqual([10, 2, 1, null]);
    expect(["item 10", "item 9", null].sort(by("ascending"))).toEqual(["item 9", "item 10", null]);
  });

  it("sorts largest first, then smallest, then as given", () => {
    expect([table.nextOrder(null, true), table.nextOrder("descending", true), table.nextOrder("ascending", true)]).toEqual([
      "descending",
      "ascending",
      "none",
    ]);
    expect(table.nextOrder(null, false)).toBe("ascending");
  });
});
