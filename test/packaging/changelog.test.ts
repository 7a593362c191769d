import { describe, expect, it } from "vitest";
import { notesOf, released } from "../../scripts/changelog.ts";

const CHANGELOG = "# Changes\n\nNewest first.\n\n## Unreleased\n\n- Charts are round.\n\n## 0.1.0 (2026-11-01)\n\nFirst version.\n";

describe("the changelog at a release", () => {
  it("turns what is unreleased into the version's section, and gives it as notes", () => {
    const after = released(CHANGELOG, "0.2.0", "2026-11-22");

    expect(after).toContain("## Unreleased\n\n## 0.2.0 (2026-11-22)\n\n- Charts are round.\n\n## 0.1.0");
    expect(notesOf(after, "0.2.0")).toBe("- Charts are round.\n");
    expect(notesOf(after, "0.1.0")).toBe("First version.\n");
  });

  it("refuses a release of which nothing is said, a version that is there, and notes of one that is not", () => {
    const after = released(CHANGELOG, "0.2.0", "2026-11-22");

    expect(() => released(after, "0.3.0", "2026-11-23")).toThrow(/Nothing stands below Unreleased/);
    expect(() => released(CHANGELOG, "0.1.0", "2026-11-23")).toThrow(/has 0\.1\.0 already/);
    expect(() => notesOf(CHANGELOG, "0.1")).toThrow(/says nothing of 0\.1/);
  });
});
