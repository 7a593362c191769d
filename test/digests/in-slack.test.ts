import { afterAll, beforeAll, expect, it } from "vitest";
import { remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { type FakeSlack, startFakeSlack } from "../kit/slack/index.ts";

/** The real program with the simulated company and a strict Slack: from the command to the post, its thread and a question under it. */

const FINOPS = "C0FINOPS";
const PATIENCE = { timeout: 40_000, interval: 200 };
let slack: FakeSlack;
let dataDir: string;
let app: Served;

beforeAll(async () => {
  slack = await startFakeSlack({ limits: { "chat.postMessage": 0 } });
  dataDir = await temporaryFolder();
  app = await serve({
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      ROLES: "analyst=U0ADA",
    },
    dataDir,
  });
}, 60_000);

afterAll(async () => {
  await app.stop();
  await slack.close();
  await remove(dataDir);
});

const own = () => slack.transcript(FINOPS).filter((message) => message.own);
const said = () => own().map(({ shown }) => shown);

async function command(text: string, user = "U0ADA"): Promise<void> {
  await slack.http(`${app.url}/slack/events`).send(slack.gestures.command({ command: "/digest", text, user, channel: FINOPS }));
}

it("is subscribed, posted into its channel with the details in the thread, and known to a question there", async () => {
  await command("add cost every weekday at 9 in Berlin", "U0BEN");
  await expect.poll(() => said().join("\n"), PATIENCE).toContain("It takes an analyst to add a digest");
  await command("add cost every weekday at 9 in Berlin");
  await expect.poll(() => said().join("\n"), PATIENCE).toContain("Cloud cost (cost), every weekday at 09:00 Europe/Berlin");
  await command("add cost every weekday at 9 in Berln");
  await expect.poll(() => said().join("\n"), PATIENCE).toContain("There is no time zone “Berln”. Did you mean Europe/Berlin?");

  await command("run cost");
  await expect.poll(() => said().filter((text) => /^\*\*Cloud cost, \w+day \d/.test(text)), PATIENCE).toHaveLength(1);
  const digest = own().find(({ shown }) => /^\*\*Cloud cost, \w+day \d/.test(shown));
  const thread = digest?.ts ?? "";
  await slack
    .http(`${app.url}/slack/events`)
    .send(slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "and by region?", threadTs: thread }));

  await expect.poll(() => slack.transcript(FINOPS, thread).at(-1)?.shown, PATIENCE).toMatch(/18|1[0-9] November|by region|us-east|eu-west/);
  expect(said().filter((text) => /^\*\*Cloud cost, \w+day \d/.test(text))).toHaveLength(1);
  expect(app.log().filter(({ msg }) => msg === "fault")).toEqual([]);
}, 180_000);
