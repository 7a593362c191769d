import type { Handler } from "../../core/channel.ts";
import { ConfigError } from "../../errors.ts";
import type { ChannelOptions, CheckedChannel } from "../index.ts";
import { createAnswering } from "./answer.ts";
import { checkSlack, summaryOf } from "./check.ts";
import { clientOptions, createLogger } from "./client.ts";
import { createAsking } from "./commands.ts";
import { createDeliveries } from "./deliveries.ts";
import { findRoom } from "./find-room.ts";
import { createIdentity } from "./identity.ts";
import { createOwnData } from "./own-data.ts";
import { createPeople, createRooms } from "./people.ts";
import { createPoster } from "./post.ts";
import { createReach } from "./reach.ts";
import { openInbox } from "./receiver.ts";
import { createResponder } from "./respond.ts";
import { createSending } from "./send.ts";
import type { SlackSettings } from "./settings.ts";
import { createTurns } from "./turns.ts";

/** What is asked before a delivery is acknowledged has to be quick, in milliseconds: Slack waits three seconds. */
const QUICK_MS = 1_200;

/** Slack over HTTP events, or over a socket with SLACK_APP_TOKEN. The SDK is loaded here and not before. */
export async function createSlackChannel(settings: SlackSettings, options: ChannelOptions): Promise<CheckedChannel> {
  if (!settings.SLACK_SIGNING_SECRET && !settings.SLACK_APP_TOKEN)
    throw new ConfigError([
      "SLACK_BOT_TOKEN is set, but neither SLACK_SIGNING_SECRET (events over HTTP) nor SLACK_APP_TOKEN (socket mode). Set one of them.",
    ]);
  const { now, wait, onFault } = options;
  const { WebClient } = await import("@slack/web-api");
  const logger = createLogger(options.onIgnored);
  const client = new WebClient(settings.SLACK_BOT_TOKEN, clientOptions(settings.SLACK_API_URL, logger));
  const quick = new WebClient(settings.SLACK_BOT_TOKEN, clientOptions(settings.SLACK_API_URL, logger, QUICK_MS));
  let handle: Handler | undefined;

  const poster = createPoster(client, now, wait);
  const reach = createReach(options);
  const answering = createAnswering({ client, poster, reach, renderPng: options.renderPng, now, wait, onFault });
  const respond = createResponder(settings.SLACK_API_URL);
  const ownData = createOwnData(options, respond);
  const turns = createTurns(options, () => {
    if (!handle) throw new Error("Slack delivered before start");
    return handle;
  });
  const deliver = createDeliveries({
    client,
    options,
    turns,
    answering,
    asking: createAsking({ turns, poster, answering, reach, respond, also: ownData.help }),
    ownData,
    respond,
    people: createPeople(quick, now),
    isShared: createRooms(quick, now),
    whoWeAre: createIdentity(quick),
  });
  const inbox = await openInbox(settings, { deliver, logger, now, wait, onFault });

  return {
    name: "slack",
    routes: inbox.routes,
    async start(given) {
      handle = given;
      await inbox.start();
    },
    ...createSending(answering, reach, options),
    findPlace: (name, beside) => findRoom(client, name, beside),
    async stop() {
      await inbox.stop();
      await turns.idle();
    },
    check: async () => summaryOf(await checkSlack(settings, options)),
    checks: () => checkSlack(settings, options),
  };
}
