import { describe, expect, test } from "vitest";
import { readFont } from "../../src/charts/font-file.ts";
import { prepareFonts } from "../../src/charts/fonts.ts";
import { cleanLabel, cutDistinct, cutToWidth, estimateWidth, inSentence, wrapToWidth } from "../../src/charts/labels.ts";
import { textWidth } from "../../src/charts/text-width.ts";
import { fc } from "../kit/property.ts";
import { HOSTILE_LABELS, SERVICES } from "./samples.ts";

const inter = readFont(prepareFonts().regular);

test("estimated widths are the font's own for plain text", () => {
  for (const name of SERVICES) {
    const real = textWidth(inter, name, 100);
    expect(estimateWidth(name, 100)).toBeGreaterThanOrEqual(real - 0.5);
    expect(estimateWidth(name, 100)).toBeLessThan(real * 1.03);
  }
});

test("estimated widths of accented, Greek and Cyrillic text are not too narrow", () => {
  for (const name of ["Größenänderung", "Ελληνικά", "Хранилище данных"])
    expect(estimateWidth(name, 100)).toBeGreaterThan(0.97 * textWidth(inter, name, 100));
});

describe("cutToWidth", () => {
  test("leaves what fits and cuts the rest with an ellipsis", () => {
    expect(cutToWidth("AWS Lambda", 200, 16)).toBe("AWS Lambda");
    expect(cutToWidth("Amazon Elastic Compute Cloud - Compute", 260, 16)).toBe("Amazon Elastic Compute Cloud…");
  });

  test("never splits a character and never exceeds its width", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE_LABELS)),
        fc.integer({ min: 20, max: 300 }),
        (text, pixels) => {
          const clean = cleanLabel(text);

          const cut = cutToWidth(clean, pixels, 16);

          expect(cut.isWellFormed()).toBe(true);
          expect(estimateWidth(cut, 16)).toBeLessThanOrEqual(pixels + 1e-6);
        },
      ),
    );
    expect(cutToWidth("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 40, 16)).toBe("👩‍👩‍👧‍👦…");
  });
});

test("names that would be cut to the same text keep their ends", () => {
  const names = ["arn:aws:ec2:eu-west-1:123456789012:instance/i-0a1", "arn:aws:ec2:eu-west-1:123456789012:instance/i-0b2", "short"];

  const [a, b, c] = cutDistinct(names, 200, 16);

  expect(a).toMatch(/^arn:aws.*….*i-0a1$/);
  expect(b).toMatch(/^arn:aws.*….*i-0b2$/);
  expect(c).toBe("short");
});

describe("wrapToWidth", () => {
  test("breaks between words, and cuts what does not fit into the last line", () => {
    expect(wrapToWidth("Flaky tests in the integration environment", 150, 18, 3)).toEqual([
      "Flaky tests in the",
      "integration",
      "environment",
    ]);
    expect(wrapToWidth("one two three four five six seven", 80, 18, 2).at(-1)).toMatch(/…$/);
  });

  test("keeps a number and its percent sign together", () => {
    expect(wrapToWidth("cost grew by 5.4%", 130, 18, 2)).toEqual(["cost grew by", "5.4%"]);
  });
});

describe("cleanLabel", () => {
  test("removes what turns the reading direction, controls and half characters", () => {
    expect(cleanLabel("\u202egnp.exe")).toBe("gnp.exe");
    expect(cleanLabel("bell\u0007 a\nb\ud800")).toBe("bell a b\ufffd");
  });

  test("names the nameless", () => {
    expect(cleanLabel(" \n ")).toBe("(no name)");
  });
});

test("right-to-left names are isolated inside a sentence, long ones cut", () => {
  expect(inSentence("שירות")).toBe("\u2068שירות\u2069");
  expect([...inSentence("x".repeat(300))]).toHaveLength(60);
});
