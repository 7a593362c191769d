import { describe, expect, it } from "vitest";
import { isSigned, signPath } from "../../src/identity/signed-path.ts";

const NOW = new Date("2026-11-21T09:00:00Z");
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

describe("a signed path", () => {
  const url = new URL(signPath("/api/v1/charts/t1/0", "secret", NOW), "http://localhost");
  const open = (path = url.pathname, query = url.search, secret = "secret", now = NOW) =>
    isSigned(path, new URLSearchParams(query), secret, now);

  it("opens for a day", () => {
    expect(open()).toBe(true);
    expect(open(url.pathname, url.search, "secret", later(23.99))).toBe(true);
    expect(open(url.pathname, url.search, "secret", later(24))).toBe(false);
  });

  it("opens with more in the query, such as a theme", () => {
    expect(open(url.pathname, `${url.search}&theme=dark`)).toBe(true);
  });

  it("opens neither another path, nor longer, nor by another's secret", () => {
    const { searchParams } = url;
    const expires = Number(searchParams.get("expires"));
    const signature = searchParams.get("signature") ?? "";

    expect(open("/api/v1/charts/t1/1")).toBe(false);
    expect(open(url.pathname, `expires=${expires + 1}&signature=${signature}`)).toBe(false);
    expect(open(url.pathname, url.search, "another")).toBe(false);
    for (const query of [
      "",
      `expires=${expires}`,
      `signature=${signature}`,
      `expires=x&signature=${signature}`,
      `expires=1e99&signature=${signature}`,
    ])
      expect(open(url.pathname, query), query).toBe(false);
    expect(open(url.pathname, `expires=${expires}&signature=${signature.slice(0, -1)}`)).toBe(false);
    expect(open(url.pathname, `expires=${expires}&signature=${signature}é`)).toBe(false);
  });
});
