import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver } from "@slack/bolt";

/** The smallest Slack app there is: it says back what it hears. Prints the ready line with its address. */
const [slackApiUrl = "", token = "", signingSecret = ""] = process.argv.slice(2);

const receiver = new HTTPReceiver({ signingSecret });
const app = new App({ token, receiver, deferInitialization: true, convoStore: false, clientOptions: { slackApiUrl } });
await app.init();
app.event("app_mention", async ({ event, say }) => {
  await say({ text: event.text.replace(/<[^>]*>/g, "").trim(), thread_ts: event.ts, unfurl_links: false, unfurl_media: false });
});
const server = createServer((request, response) => receiver.requestListener(request, response));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "ready", url: `http://127.0.0.1:${port}` })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
