import { describe, expect, it } from "vitest";
import type { Home } from "../../../src/channels/index.ts";
import { renderHome } from "../../../src/channels/slack/home.ts";
import { prose } from "../../kit/golden/pieces.ts";
import { findBlockFault } from "../../kit/slack/blocks/payload.ts";
import { wordsOf } from "../../kit/slack/blocks/words.ts";
import { type Fields, findMentions } from "../../kit/slack/index.ts";

const SMALL: Home = { title: "Firstmate", lines: ["Ask away."], suggestions: ["What did we spend?"] };
const FULL: Home = {
  ...SMALL,
  kpis: [{ label: "Cost this month", value: "$107,906", change: "+3.1%" }],
  alerts: ["Checkout is slow"],
  digests: ["Cost, Mon 09:00"],
  recent: ["costs by service"],
  setup: [
    { name: "bill", state: "ok", message: "reads 3 files" },
    { name: "GitHub", state: "failed", message: "refused the token", fix: "Set GITHUB_TOKEN." },
    { name: "Jira", state: "off", message: "not connected", fix: "Set JIRA_URL." },
  ],
};
const many = <T>(item: T) => Array.from({ length: 200 }, () => item);
const HUGE: Home = {
  title: prose(1_000),
  lines: many(prose(5_000)),
  suggestions: many(prose(500)),
  kpis: many({ label: prose(900), value: prose(900), change: prose(900) }),
  alerts: many(prose(900)),
  digests: many(prose(900)),
  recent: many(prose(900)),
  setup: many({ name: prose(900), state: "failed" as const, message: prose(9_000), fix: prose(9_000) }),
};
const MARKUP: Home = {
  title: "<!channel>",
  lines: ["<!here>"],
  suggestions: ["<@U1>"],
  kpis: [{ label: "<!channel>", value: "<@U1>", change: "<!here>" }],
  alerts: ["<!channel>"],
  digests: ["<@U1>"],
  recent: ["<https://evil.example|x>"],
  setup: [{ name: "<!channel>", state: "failed", message: "<@U1>", fix: "<!here>" }],
};
const EMPTY: Home = { title: "", lines: [], suggestions: [], kpis: [], alerts: [], digests: [], recent: [], setup: [] };

const words = (home: Home) => wordsOf(renderHome(home) as unknown as Fields[]);

describe("a home tab", () => {
  it.each([
    ["little", SMALL],
    ["everything", FULL],
    ["too much of everything", HUGE],
    ["markup everywhere", MARKUP],
    ["nothing", EMPTY],
  ])("with %s is within the limits of Slack", (_, home) => {
    const blocks = renderHome(home);

    expect(findBlockFault(blocks, "home")).toBeUndefined();
    expect(blocks.length).toBeLessThanOrEqual(100);
    expect(findMentions({ args: { blocks } })).toEqual([]);
  });

  it("has only the parts that are given", () => {
    expect(words(SMALL)).not.toMatch(/alerts|digests|Setup|lately/);
    expect(words(FULL)).toMatch(
      /Cost this month[\s\S]*\+3\.1%[\s\S]*Open alerts[\s\S]*Next digests[\s\S]*What did we spend\?[\s\S]*You asked lately[\s\S]*Setup/,
    );
  });

  it("says what is empty, which is something else than not being there", () => {
    expect(words(EMPTY)).toMatch(/Open alerts\W+Nothing is open/);
  });

  it("puts what does not work first, with what to do about it", () => {
    expect(words(FULL)).toMatch(/GitHub\W+Not working[\s\S]*To do: Set GITHUB_TOKEN[\s\S]*bill\W+Connected[\s\S]*Jira\W+Off/);
  });

  it("counts what it leaves out", () => {
    expect(words(HUGE)).toMatch(/and 190 more[\s\S]*and 185 more in doctor/);
  });
});
