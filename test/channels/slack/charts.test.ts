import { afterEach, describe, expect, it } from "vitest";
import { barChart } from "../../../src/charts/bar-chart.ts";
import type { Block } from "../../../src/core/reply.ts";
import { chart, plainChart } from "../../kit/golden/pieces.ts";
import { FAULTS } from "../../kit/slack/index.ts";
import { final, openSlack, type SlackWorld, scripted } from "./world.ts";

const FINOPS = "C0FINOPS";
const REFUSED = { kind: "error", code: "invalid_blocks", extra: { errors: ["unsupported type: data_visualization"] } } as const;
const open: SlackWorld[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function world(blocks: readonly Block[]): Promise<SlackWorld> {
  const script = scripted(function* (message) {
    yield { text: "Here it is: ", final: false };
    yield final("Here it is: a chart.", message, { blocks });
  });
  const made = await openSlack(script.handle);
  open.push(made);
  return made;
}

const own = ({ slack }: SlackWorld, channel = FINOPS) => slack.transcript(channel).filter((message) => message.own);
const kinds = (given: SlackWorld, channel = FINOPS) => own(given, channel).flatMap(({ blocks }) => blocks.map(({ type }) => type));
const mention = ({ slack, http }: SlackWorld) => http.send(slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));

const line = plainChart(12, (i) => i * 10.123456);

describe("a simple chart", () => {
  it("is drawn by Slack, with its unit and the finding in words below", async () => {
    const given = await world([line]);

    await mention(given);
    await given.settle();

    const [native] = own(given)[0]?.blocks.filter(({ type }) => type === "data_visualization") ?? [];
    expect(native).toMatchObject({
      title: "Cost per day",
      chart: {
        type: "line",
        series: [{ name: "cost", data: expect.arrayContaining([{ label: "Nov 3", value: 20.25 }]) }],
        axis_config: { y_label: "USD" },
      },
    });
    expect(own(given)[0]?.shown).toContain("Cost rose from $10 to $20.");
    expect(given.slack.callsTo("files.getUploadURLExternal")).toEqual([]);
  });

  it("is made so by our own bar charts", async () => {
    const items = ["EC2", "S3", "RDS"].map((label, i) => ({ label, value: 30 - i, previous: 20 }));
    const given = await world([barChart({ title: "Cost by service", unit: "USD", subject: "cost", items })]);

    await mention(given);
    await given.settle();

    expect(kinds(given)).toContain("data_visualization");
  });

  it("shows shares in percent", async () => {
    const given = await world([plainChart(2, (i) => 0.25 + i / 2, { kind: "bar", unit: "ratio" })]);

    await mention(given);
    await given.settle();

    const json = JSON.stringify(own(given)[0]?.blocks);
    expect(json).toContain('"value":25}');
    expect(json).toContain('"y_label":"%"');
  });

  it("in a stream, an edited command and a private answer is drawn by Slack as well", async () => {
    const given = await world([line]);
    const command = { command: "/costs", user: "U0ADA", channel: FINOPS };

    await given.http.send(given.slack.gestures.direct({ user: "U0ADA", text: "costs" }));
    await given.http.send(given.slack.gestures.command(command));
    await given.http.send(given.slack.gestures.command({ ...command, text: "--private" }));
    await given.settle();

    expect(kinds(given, "D0ADA")).toContain("data_visualization");
    expect(kinds(given)).toContain("data_visualization");
    const private_ = given.slack.transcript(FINOPS, undefined, { as: "U0ADA" }).filter((message) => message.onlyFor);
    expect(private_.flatMap(({ blocks }) => blocks.map(({ type }) => type))).toContain("data_visualization");
  });

  const pictured: [string, Block][] = [
    ["without figures: a Pareto, a range", chart],
    ["with a gap: a gap is no zero", plainChart(12, (i) => (i === 3 ? null : i))],
    ["of 21 points", plainChart(21, (i) => i)],
    ["of one point in time", plainChart(1, (i) => i)],
    ["with names that would have to be cut", plainChart(2, (i) => i, { categories: ["Amazon Elastic Compute Cloud", "S3"] })],
    ["with the same name twice", plainChart(2, (i) => i, { categories: ["S3", "S3"] })],
    ["with markup in a name", plainChart(2, (i) => i, { categories: ["<!channel>", "S3"] })],
  ];

  it.each(pictured)("%s is a picture", async (_, block) => {
    const given = await world([block]);

    await mention(given);
    await given.settle();

    expect(kinds(given)).toContain("image");
    expect(kinds(given)).not.toContain("data_visualization");
  });

  it("beyond the second of an answer is a picture", async () => {
    const given = await world([line, line, line]);

    await mention(given);
    await given.settle();

    expect(kinds(given).filter((type) => type === "data_visualization")).toHaveLength(2);
    expect(kinds(given).filter((type) => type === "image")).toHaveLength(1);
  });
});

describe("a chart that Slack refuses to draw", () => {
  it.each([
    ["a post", "chat.postMessage", FINOPS],
    ["an edit", "chat.update", FINOPS],
    ["a stream", "chat.stopStream", "D0ADA"],
  ])("in %s becomes a picture in its place, and later ones are pictures at once", async (_, method, channel) => {
    const given = await world([{ type: "table", columns: [{ label: "service", type: "text" }], rows: [["EC2"]] }, line]);
    given.slack.faults.inject(method, REFUSED);
    const { gestures } = given.slack;
    const asked = { user: "U0ADA", channel: FINOPS, text: "costs" };
    const again = () =>
      given.http.send(
        method === "chat.postMessage"
          ? gestures.mention(asked)
          : method === "chat.update"
            ? gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS })
            : gestures.direct(asked),
      );

    await again();
    await expect.poll(() => kinds(given, channel)).toContain("image");
    await again();
    await given.stop();

    given.slack.assertNoViolations();
    expect(kinds(given, channel)).not.toContain("data_visualization");
    expect(kinds(given, channel).filter((type) => type === "image")).toHaveLength(2);
    expect(kinds(given, channel)).toContain("table");
    expect(given.faults).toHaveLength(1);
  });

  it("and whose picture fails too is told in words", async () => {
    const given = await world([line]);
    given.slack.faults.inject("chat.postMessage", REFUSED);
    given.slack.faults.inject("files.getUploadURLExternal", FAULTS.serverError);

    await mention(given);
    await given.stop();

    given.slack.assertNoViolations();
    expect(own(given)[0]?.shown).toContain("Cost rose from $10 to $20.");
  });

  it("is tried again a day later", async () => {
    const given = await world([line]);
    given.slack.faults.inject("chat.postMessage", REFUSED);

    await mention(given);
    await expect.poll(() => kinds(given)).toContain("image");
    given.clock.advance(25 * 3_600_000);
    await mention(given);
    await given.stop();

    expect(kinds(given)).toContain("data_visualization");
  });

  it("keeps a private answer's table and words", async () => {
    const given = await world([{ type: "table", columns: [{ label: "service", type: "text" }], rows: [["EC2"]] }, line]);
    given.slack.faults.inject("response_url", { kind: "status", status: 400, accept: "before" });

    await given.http.send(given.slack.gestures.command({ command: "/costs", text: "--private", user: "U0ADA", channel: FINOPS }));
    await given.settle();

    const [answer] = given.slack.transcript(FINOPS, undefined, { as: "U0ADA" }).filter((message) => message.onlyFor);
    expect(answer?.blocks.map(({ type }) => type)).toContain("table");
    expect(answer?.shown).toContain("Cost rose from $10 to $20.");
  });
});
