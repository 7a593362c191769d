import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { remove, type Served, serve, temporaryFolder } from "../../kit/app.ts";
import { type FakeSlack, startFakeSlack } from "../../kit/slack/index.ts";

/** The real program, killed in the middle of its answers, and started again on the same data. */

const FINOPS = "C0FINOPS";
/** A model that takes the question and never answers. */
const model = createServer(() => {});
let slack: FakeSlack;
let dataDir: string;

beforeAll(async () => {
  slack = await startFakeSlack();
  dataDir = await temporaryFolder();
  await new Promise<void>((listening) => model.listen(0, "127.0.0.1", listening));
});

afterAll(async () => {
  model.closeAllConnections();
  model.close();
  await slack.close();
  await remove(dataDir);
});

function start(): Promise<Served> {
  const env = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    ANTHROPIC_API_KEY: "sk-ant-none",
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}`,
  };
  return serve({ args: [], env, dataDir });
}

const own = (channel: string) => slack.transcript(channel).filter((message) => message.own);
const sorry = (channel: string) => own(channel).filter(({ shown }) => shown.includes("I was restarted"));

/** Who asks is looked up within a second or so, which a program that has only just begun on a busy machine may not manage: then it says so. */
async function getToKnow(user: string, url: string): Promise<void> {
  const answers = () => own(FINOPS).filter(({ edited }) => edited).length;
  const [answered, refused] = [answers(), slack.callsTo("response_url").length];
  await slack.http(url).send(slack.gestures.command({ command: "/firstmate", text: "help", user, channel: FINOPS }));
  await expect.poll(() => answers() > answered || slack.callsTo("response_url").length > refused).toBe(true);
  if (answers() === answered) await getToKnow(user, url);
}

it("apologises after a kill for every answer that was under way, once, and goes on", async () => {
  const { gestures } = slack;
  const question = "why did our costs grow so much?";
  const first = await start();
  const url = `${first.url}/slack/events`;
  for (const user of ["U0ADA", "U0BEN"]) await getToKnow(user, url);
  const known = own(FINOPS).length;
  const http = slack.http(url);
  await http.send(gestures.direct({ user: "U0ADA", text: question }));
  await http.send(gestures.mention({ user: "U0BEN", channel: FINOPS, text: question }));
  await http.send(gestures.command({ command: "/ask", text: question, user: "U0ADA", channel: FINOPS }));
  await expect.poll(() => own(FINOPS).length).toBe(known + 1);
  first.signal("SIGKILL");
  await first.ended;

  const second = await start();
  await expect.poll(() => [...sorry("D0ADA"), ...sorry(FINOPS)].length).toBe(3);
  await second.stop();
  const third = await start();
  await getToKnow("U0ADA", `${third.url}/slack/events`);
  await third.stop();

  expect(own("D0ADA").map(({ shown }) => shown)).toEqual([expect.stringContaining(question)]);
  expect(sorry(FINOPS)).toHaveLength(2);
  slack.assertNoViolations();
});
