import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../../kit/app.ts";
import { seededRandom } from "../../kit/random.ts";
import { inLanes, watchLoop } from "../probe.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const INPUTS = 10_000;
const LANES = 4;
const LOOP_MS = 250;
const SECRET = "a-signing-secret-0123456789";

export const fuzzTarget: Target = {
  id: "F1",
  test: `${INPUTS} damaged and hostile requests at each of seven doors`,
  good: `it lives, no status of 500, no unhandled error, the loop waits < ${LOOP_MS} ms (p99)`,
  run: ours,
  control: { what: "a handler that trusts what it reads", run: trusting },
};

/** Door → what is right there. Damage is done to it. */
const DOORS: Readonly<Record<string, unknown>> = {
  "/api/v1/ask": { question: "What did we spend last month?", timeZone: "Europe/Berlin" },
  "/api/v1/tools/pareto": { by: "service", period: "last month", top: 5 },
  "/api/v1/agents/soak/events": {
    events: [{ id: "e1", timestamp: "2026-11-21T08:00:00Z", type: "response", responseTimeMs: 82, tokens: 10 }],
  },
  "/mcp": { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "pareto", arguments: { by: "service" } } },
  "/v1/traces": {
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "00".repeat(16), spanId: "00".repeat(8), name: "x", attributes: [] }] }] }],
  },
  "/slack/events": {
    type: "event_callback",
    event_id: "Ev1",
    team_id: "T1",
    event: { type: "app_mention", user: "U1", channel: "C1", ts: "1.2", text: "hi" },
  },
  "/api/messages": {
    type: "message",
    id: "1",
    serviceUrl: "http://127.0.0.1:9/",
    conversation: { id: "19:x" },
    from: { id: "29:x" },
    text: "hi",
  },
};

async function ours(scale: Scale): Promise<Outcome> {
  const env = {
    ...{ REQUESTS_PER_MINUTE: "100000000", USER_REQUESTS_PER_MINUTE: "100000000" },
    ...{ SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: SECRET, SLACK_API_URL: "http://127.0.0.1:9/api/", TEAMS_ANONYMOUS: "true" },
  };
  const app = await serve({ args: [], env });
  try {
    const key = await app.key("analyst");
    // Whole requests first: what is loaded with the first of them holds the loop up once, and is no damage.
    for (const [door, body] of Object.entries(DOORS))
      await send(app.url, door, headersFor(door, JSON.stringify(body), key), JSON.stringify(body));
    const outcome = await fuzz(scale, app.url, Object.keys(DOORS), key);
    const unhandled = app.log().filter(({ msg }) => /unhandled|uncaught/i.test(msg)).length;
    return { figure: `${outcome.figure}, ${unhandled} unhandled`, good: outcome.good && unhandled === 0 };
  } finally {
    await app.stop();
  }
}

async function fuzz(scale: Scale, url: string, doors: readonly string[], key: string): Promise<Outcome> {
  const random = seededRandom(99);
  const statuses = new Map<number, number>();
  const failed = new Set<string>();
  const loop = watchLoop(url);
  const count = partOf(INPUTS, scale, 20);
  for (const door of doors) {
    const text = JSON.stringify(DOORS[door]);
    await inLanes(Array(count).keys(), LANES, async () => {
      const body = damaged(text, random);
      const status = await send(url, door, headersFor(door, body, key, random), body).catch(() => 0);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 0 || status === 500) failed.add(`${door} ${status}: ${body.slice(0, 80)}`);
    });
  }
  const { p99, longest, missed } = await loop.stop();
  const seen = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
  return {
    figure: `${count} at each of ${doors.length}: ${seen.join(", ")}; loop p99 ${Math.round(p99)} ms, longest ${Math.round(longest)} ms${[...failed][0] ? `; as ${[...failed][0]}` : ""}`,
    good: failed.size === 0 && missed === 0 && p99 < LOOP_MS * scale.slower,
  };
}

/** The status. */
async function send(url: string, door: string, headers: Record<string, string>, body: string): Promise<number> {
  const answer = await fetch(`${url}${door}`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

function headersFor(door: string, body: string, key: string, random = () => 0): Record<string, string> {
  const common = { "content-type": random() < 0.9 ? "application/json" : "text/plain", accept: "application/json, text/event-stream" };
  if (!door.startsWith("/slack")) return { ...common, authorization: `Bearer ${key}` };
  const at = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac("sha256", SECRET).update(`v0:${at}:${body}`).digest("hex")}`;
  return { ...common, "x-slack-request-timestamp": at, "x-slack-signature": signature };
}

const ODD = [
  "null",
  "-1",
  "1e309",
  '"\\u0000"',
  '"\\ud800"',
  "[]",
  "{}",
  '"__proto__"',
  "9007199254740993",
  `"${"é".repeat(500)}"`,
  "true",
  '"../../etc/passwd"',
];

/** Cut, swapped, doubled, or with another value where one was. */
function damaged(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const odd = ODD[Math.floor(random() * ODD.length)] ?? "";
  const values = [...text.matchAll(/"[^"]*"(?!:)|\b\d+\b/g)];
  const value = values[Math.floor(random() * values.length)];
  const dice = random();
  if (dice < 0.5 && value) return `${text.slice(0, value.index)}${odd}${text.slice(value.index + value[0].length)}`;
  if (dice < 0.6) return text.slice(0, at);
  if (dice < 0.7) return text.slice(0, at) + text.slice(at + 1);
  if (dice < 0.8) return text.slice(0, at) + String.fromCharCode(random() * 65_536) + text.slice(at);
  if (dice < 0.9) return `${"[".repeat(at)}${text}${"]".repeat(at)}`;
  return odd;
}

async function trusting(scale: Scale): Promise<Outcome> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on("data", (part: Buffer) => parts.push(part))
      .on("end", () => {
        try {
          if (request.method === "POST") (JSON.parse(Buffer.concat(parts).toString()) as { question: string }).question.trim();
        } catch {
          response.statusCode = 500;
        }
        response.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await fuzz({ ...scale, share: 0.01 }, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ["/api/v1/ask"], "none");
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
