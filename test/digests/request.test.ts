import { describe, expect, it } from "vitest";
import { listWords } from "../../src/core/text.ts";
import { digests } from "../../src/digests/index.ts";
import { readRequest } from "../../src/digests/request.ts";
import { UserError } from "../../src/errors.ts";

describe("what someone wants of a digest", () => {
  it.each([
    ["cost every weekday at 9 in Berlin", { pattern: "0 9 * * 1-5", timeZone: "Europe/Berlin" }, {}],
    ["cost daily 09:00 Europe/Berlin #finops", { pattern: "0 9 * * *", timeZone: "Europe/Berlin" }, { place: "#finops" }],
    ["cost every weekday", { pattern: "0 9 * * 1-5" }, {}],
    ["cost", { pattern: "0 9 * * *" }, {}],
    ["health mondays at 8:30 in this channel", { pattern: "30 8 * * 1" }, {}],
    ["cost daily at 9 budget 20,000", { pattern: "0 9 * * *" }, { order: { budget: 20_000 } }],
    ["cost daily at 9 budget 110k", { pattern: "0 9 * * *" }, { order: { budget: 110_000 } }],
    ["cost daily at 9 only when something moved", { pattern: "0 9 * * *" }, { whenQuiet: "nothing" }],
    ["cost daily at 9 catch up skip", { pattern: "0 9 * * *" }, { catchUp: "skip" }],
    ["cost where account=production daily at 9", { pattern: "0 9 * * *" }, { order: { filter: { account: "production" } } }],
    [
      'custom mondays at 9 titled "Our week" with get_costs by=service period="last week"; list_incidents top=5',
      { pattern: "0 9 * * 1" },
      {
        order: {
          title: "Our week",
          parts: [
            { tool: "get_costs", input: { by: "service", period: "last week" } },
            { tool: "list_incidents", input: { top: 5 } },
          ],
        },
      },
    ],
    [
      "custom mondays at 9 with alerts command=noise to webhook:n8n",
      { pattern: "0 9 * * 1" },
      { outside: "webhook:n8n", order: { parts: [{ tool: "alerts", input: { command: "noise" } }] } },
    ],
    [
      "custom mondays at 9 with list_incidents top=5 in #ops",
      { pattern: "0 9 * * 1" },
      { place: "#ops", order: { parts: [{ tool: "list_incidents", input: { top: 5 } }] } },
    ],
    ["the cost digest every weekday at 9", { pattern: "0 9 * * 1-5" }, { digest: { name: "cost" } }],
    ["weekly ai usage", { pattern: "0 9 * * 1" }, { digest: { name: "ai-usage" } }],
    ["health every morning", { pattern: "0 9 * * *" }, {}],
    ["cost 0 9 * * 1-5 Europe/Paris", { pattern: "0 9 * * 1-5", timeZone: "Europe/Paris" }, {}],
  ])("is understood: %s", (words, schedule, rest) => {
    const request = readRequest(words, digests);

    expect(request.schedule).toMatchObject(schedule);
    expect(request).toMatchObject(rest);
  });

  it.each([
    [
      "",
      new RegExp(
        `Which digest\\? There is ${listWords(
          digests.map(({ name }) => name),
          digests.length,
        )}`,
      ),
    ],
    ["cots daily at 9", /Did you mean “cost”/],
    ["cost daily at 9 budget 0", /no amount/],
    ["cost daily at 9 catch up never", /late, latest, skip/],
    ["cost every now and then at 9", /do not understand/],
    ["cost every evening", /At what time/],
  ])("is refused in words that help: %s", (words, why) => {
    expect(() => readRequest(words, digests)).toThrow(UserError);
    expect(() => readRequest(words, digests)).toThrow(why);
  });
});
