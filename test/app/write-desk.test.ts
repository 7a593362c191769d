import { afterEach, beforeEach, expect, test } from "vitest";
import { createWriteDesk } from "../../src/app/write-desk.ts";
import type { Channel } from "../../src/core/channel.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { claimPost, type Outcome, settlePost } from "../../src/storage/outbox.ts";

const NOW = new Date("2026-11-21T09:00:00Z");
const LEADS = { channel: "slack", conversation: "slack:T:G0LEADS" };

let database: Database;
beforeEach(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
});
afterEach(() => database.close());

/** The desk, and a sender beside it to whose posts this happens. */
function deskWhere(outcome: Outcome) {
  const desk = createWriteDesk({ database } as Parameters<typeof createWriteDesk>[0], () => NOW);
  desk.open([{ name: "slack" } as Channel], async () => {
    const post = await claimPost(database, { channel: "slack", owner: "here", now: NOW, leaseMs: 60_000 });
    if (post) await settlePost(database, post.id, "here", outcome, NOW);
  });
  return desk;
}

test("a post is called posted once it has arrived", async () => {
  const desk = deskWhere({ state: "sent", platformId: "1.2" });

  expect(await desk.post(LEADS, "Costs are back to normal.", "approval:7f3a1c")).toBe("sent");
});

test("one that the place does not take is told with the place's reason", async () => {
  const desk = deskWhere({ state: "refused", error: "that channel is archived" });

  await expect(desk.post(LEADS, "hello", "approval:7f3a1c")).rejects.toMatchObject({
    message: "Slack did not take the post.",
    detail: "that channel is archived",
    status: 400,
  });
});

test("where it is not known whether it arrived, that is what is thrown", async () => {
  const desk = deskWhere({ state: "unknown", error: "no answer" });

  await expect(desk.post(LEADS, "hello", "approval:7f3a1c")).rejects.toMatchObject({ status: undefined });
});

test("where nobody here sends, it waits for who does", async () => {
  const desk = createWriteDesk({ database } as Parameters<typeof createWriteDesk>[0], () => NOW);

  expect(await desk.post(LEADS, "hello", "approval:7f3a1c")).toBe("waiting");
});
