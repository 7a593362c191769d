import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ADA, type FakeTeams, type Fault, type Fields, startFakeTeams, TENANT } from "./index.ts";

let time = 0;
let teams: FakeTeams;
beforeEach(async () => {
  time = Date.parse("2026-11-21T09:00:00Z");
  teams = await startFakeTeams(() => new Date(time));
});
afterEach(() => teams.close());

const ME = "a:ada";
const GROUP = "19:group@thread.v2";

async function call(method: string, path: string, body: unknown): Promise<{ status: number; body: Fields; headers: Headers }> {
  const response = await fetch(`${teams.base}${path}`, { method, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers };
}

function post(activity: unknown, conversation = ME) {
  return call("POST", `/v3/conversations/${encodeURIComponent(conversation)}/activities`, activity);
}

/** A stream's update; `id` names the stream. */
function update(text: string, fields: Fields, id?: string, conversation = ME) {
  time += 1_500;
  return post({ type: "typing", text, entities: [{ type: "streaminfo", ...fields, ...(id ? { streamId: id } : {}) }] }, conversation);
}

const final = (text: string, streamId: string, fields: Fields = {}) => {
  time += 1_500;
  return post({ type: "message", text, entities: [{ type: "streaminfo", streamType: "final", streamId, ...fields }] });
};

async function begin(): Promise<string> {
  return (await update("reading …", { streamType: "informative", streamSequence: 1 })).body.id;
}

describe("a stream", () => {
  test("begins, grows and ends under one id", async () => {
    const id = await begin();

    const grown = await update("It was", { streamType: "streaming", streamSequence: 2 }, id);
    const ended = await final("It was $5", id);

    expect([grown.status, grown.body, ended.status]).toEqual([202, {}, 202]);
    expect(teams.standing.map((message) => [message.id, message.activity.text])).toEqual([[id, "It was $5"]]);
    expect(teams.violations).toEqual([]);
  });

  test("takes nothing that is not its shape", async () => {
    const bad: [string, Fields][] = [
      ["x", { streamSequence: 1 }],
      ["x", { streamType: "streaming", streamSequence: 2 }],
      ["x".repeat(1_001), { streamType: "informative", streamSequence: 1 }],
      ["", { streamType: "streaming", streamSequence: 1 }],
    ];
    for (const [text, fields] of bad) expect((await update(text, fields)).status).toBe(400);
    expect((await post({ type: "typing", text: "no streaminfo" })).status).toBe(400);
    time += 10_000;
    const id = await begin();
    expect((await final("x", id, { streamSequence: 3 })).status).toBe(400);
    expect(
      (
        await post({
          type: "typing",
          text: "x",
          attachments: [{}],
          entities: [{ type: "streaminfo", streamType: "streaming", streamSequence: 2, streamId: id }],
        })
      ).status,
    ).toBe(400);
    expect(teams.violations).toHaveLength(7);
  });

  test("is not allowed in a group, twice, unknown, ended, stopped, late, or rewritten", async () => {
    const streaming = (n: number) => ({ streamType: "streaming", streamSequence: n });
    const codes: string[] = [];
    const keep = async (answer: Promise<{ status: number; body: Fields }>) =>
      void codes.push(`${(await answer).status} ${(await answer).body.error?.code}`);

    await keep(update("x", streaming(1), undefined, GROUP));
    const id = await begin();
    await keep(update("x", streaming(1)));
    await keep(update("x", streaming(2), "unknown"));
    await update("one", streaming(2), id);
    await keep(update("two", streaming(3), id));
    await keep(final("two", id));
    await final("one two", id);
    await keep(update("one two three", streaming(4), id));
    const late = await begin();
    time += 121_000;
    await keep(final("x", late));
    const stopped = await begin();
    teams.cancel(ME);
    await keep(final("x", stopped));

    expect(codes).toEqual(Array.from({ length: 8 }, () => "403 ContentStreamNotAllowed"));
  });

  test("drops what comes out of order, and asks for a second between updates", async () => {
    const id = await begin();
    await update("one", { streamType: "streaming", streamSequence: 3 }, id);

    const older = await update("one two", { streamType: "streaming", streamSequence: 2 }, id);
    await update("one two", { streamType: "streaming", streamSequence: 4 }, id);
    time -= 1_500;
    const early = await update("one two three", { streamType: "streaming", streamSequence: 5 }, id);

    expect(older.status).toBe(202);
    expect(early.status).toBe(429);
    expect(early.headers.get("retry-after")).toBe("1");
  });
});

describe("a message", () => {
  test("with text and attachment is taken, without an id", async () => {
    const card = {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "x" }] },
    };

    expect((await post({ type: "message", text: "x" })).body.id).toBeTruthy();
    expect((await post({ type: "message", attachments: [card] })).body.id).toBeTruthy();
    expect(await post({ type: "message", text: "x", attachments: [card] })).toMatchObject({ status: 202, body: {} });
  });

  test("is refused when it is too large, empty, malformed or badly cited", async () => {
    const entity = { type: "https://schema.org/Message", "@type": "Message", citation: [{ position: 2, appearance: { name: "x" } }] };
    const bad: [Fields, number][] = [
      [{ type: "message", text: "x".repeat(100_001) }, 413],
      [{ type: "message", text: "x".repeat(80_001) }, 413],
      [{ type: "message" }, 400],
      [{ type: "event" }, 400],
      [{ type: "message", text: "[1]", entities: [entity] }, 400],
      [{ type: "message", text: "x", suggestedActions: { actions: Array(4).fill({ type: "imBack", title: "x", value: "x" }) } }, 400],
    ];
    for (const [activity, status] of bad) {
      time += 1_000;
      expect((await post(activity)).status).toBe(status);
    }
    expect(teams.violations).toHaveLength(bad.length);
  });

  test("is edited by its id only", async () => {
    const { body } = await post({ type: "message", text: "x" });
    const path = (id: string) => `/v3/conversations/${encodeURIComponent(ME)}/activities/${id}`;

    expect((await call("PUT", path(body.id), { type: "message", text: "y" })).status).toBe(200);
    expect((await call("PUT", path("unknown"), { type: "message", text: "y" })).status).toBe(404);
    expect(teams.standing[0]?.activity.text).toBe("y");
  });

  test("is refused where the bot was removed", async () => {
    teams.removed.add(ME);

    expect((await post({ type: "message", text: "x" })).body.error.code).toBe("BotNotInConversationRoster");
  });
});

describe("rates of a conversation", () => {
  const message = { type: "message", text: "x" };

  test("seven in a second, eight in two, sixty in thirty", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 9; i++) {
      if (i === 7) time += 1_000;
      statuses.push((await post(message)).status);
    }
    expect(statuses).toEqual([...Array(8).fill(201), 429]);

    time += 60_000;
    let taken = 0;
    for (let i = 0; i < 80; i++) {
      time += 300;
      if ((await post(message)).status === 201) taken++;
    }
    expect(taken).toBe(60);
  });

  test("are each conversation's own", async () => {
    for (let i = 0; i < 7; i++) await post(message);

    expect((await post(message)).status).toBe(429);
    expect((await post(message, GROUP)).status).toBe(201);
  });
});

describe("faults", () => {
  const message = { type: "message", text: "x" };
  const kinds: [Fault, number | "cut", number][] = [
    ["500 before", 500, 0],
    ["500 after", 500, 1],
    ["502 before", 502, 0],
    ["reset before", "cut", 0],
    ["reset after", "cut", 1],
    [{ status: 429, retryAfter: 3 }, 429, 0],
  ];
  for (const [fault, outcome, standing] of kinds)
    test(`${typeof fault === "string" ? fault : fault.status}: once, and then no more`, async () => {
      teams.fail(fault);

      const first = await post(message).then(
        ({ status }) => status,
        () => "cut",
      );
      const second = await post(message);

      expect([first, second.status]).toEqual([outcome, 201]);
      expect(teams.standing).toHaveLength(standing + 1);
    });
});

test("a new thread names its channel, tenant and first message", async () => {
  const good = { isGroup: true, tenantId: TENANT, channelData: { channel: { id: "19:c" } }, activity: { type: "message", text: "x" } };

  const { status, body } = await call("POST", "/v3/conversations", good);

  expect([status, body.id]).toEqual([201, `19:c;messageid=${body.activityId}`]);
  expect((await call("POST", "/v3/conversations", { ...good, tenantId: "" })).status).toBe(400);
});

test("activities are numbered, and copies are of two kinds", () => {
  const { message, again, copy } = teams.activities;
  const one = message("x");

  expect(one.from).toEqual(ADA);
  expect(message("x").id).not.toBe(one.id);
  expect(again(one).id).toBe(one.id);
  expect(copy(one)).toMatchObject({ text: "x", from: ADA });
  expect(copy(one).id).not.toBe(one.id);
});
