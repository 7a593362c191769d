import { createServer } from "node:http";
import { createSlackAdapter } from "@chat-adapter/slack";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat, ConsoleLogger } from "chat";

/** Vercel's Chat SDK as its documentation begins it: it says back what it hears. Prints the ready line with its address. */
const [slackApiUrl = "", botToken = "", signingSecret = ""] = process.argv.slice(2);

const slack = createSlackAdapter({ apiUrl: slackApiUrl, botToken, signingSecret, logger: new ConsoleLogger("silent") });
const bot = new Chat({ userName: "firstmate", adapters: { slack }, state: createMemoryState(), logger: "silent" });
bot.onNewMention(async (thread, message) => {
  await thread.post(message.text);
});
await bot.initialize();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const asked = new Request(`http://127.0.0.1${request.url}`, {
    method: request.method,
    headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    body: Buffer.concat(chunks),
  });
  const answer = await bot.webhooks.slack(asked, { waitUntil: (work) => void work });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ msg: "ready", url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
