import { describe, expect, test } from "vitest";
import { linksIn, withoutForeignLinks } from "../../../src/agent/model/foreign-links.ts";

const KNOWN = new Set(["https://git.example/pull/7"]);

describe("a model's words lose", () => {
  test.each([
    ["an address no source gave", "see https://evil.example/?q=1.", "see (link removed)."],
    ["one hidden in a link", "[the report](HTTPS://evil.example/x)", "[the report]((link removed))"],
    ["a picture", "![chart](https://evil.example/p.png?d=1)", "[chart]((link removed))"],
    ["one without a scheme", 'src="//evil.example/x" and www.evil.example', 'src="(link removed)" and (link removed)'],
    ["one that runs or sends", "[a](javascript:alert) [b](mailto:x@evil.example)", "[a]((link removed)) [b]((link removed))"],
    ["one of a program", "[a](msteams:/l/chat?users=x@evil.example)", "[a]((link removed))"],
    ["a share of a network, and slashes the wrong way", "\\\\evil.example\\s https:\\\\evil.example", "(link removed) (link removed)"],
    ["a known one with something added", "https://git.example/pull/7?d=secret", "(link removed)"],
    ["characters nobody sees", "a\u202eb\u200bc\u001b[2J", "abc[2J"],
  ])("%s", (_, text, cleaned) => {
    expect(withoutForeignLinks(text, KNOWN)).toBe(cleaned);
  });
});

test("and keep the addresses that a source gave, and everything else", () => {
  const text = "Merged: [#7](https://git.example/pull/7), https://git.example/pull/7.\n\tRatio 3:4, 10//2 and data: 5 rows.";

  expect(withoutForeignLinks(text, KNOWN)).toBe(text);
  expect(linksIn("a https://git.example/pull/7, javascript:x //evil.example")).toEqual(["https://git.example/pull/7"]);
});
