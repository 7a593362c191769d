import { afterEach, beforeEach, expect, test } from "vitest";
import { VendorError } from "../../src/errors.ts";
import { APPROVAL_MS } from "../../src/records/approvals.ts";
import { cardIn, openWorld, person } from "./world.ts";

let world: Awaited<ReturnType<typeof openWorld>>;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const group = { conversation: "slack:T:C:1", channel: "slack", audience: "group" as const };

test("a command for a write gives a card with its arguments, and nothing runs", async () => {
  const reply = await world.say("/flag red");

  expect(cardIn(reply)).toMatchObject({
    title: "Raise a red flag",
    lines: ["Colour: red", "Where: [the mast] (https∶//evil.example)"],
    expiresAt: new Date("2026-11-21T09:15:00Z"),
  });
  expect(reply.text).toContain("Nothing has been done yet");
  expect(world.ran).toEqual([]);
});

test("approved by its asker it runs once with the arguments of the card, and the audit log has each step", async () => {
  const { id } = cardIn(await world.say("/flag red"));

  const done = await world.say(`approve ${id}`);
  const again = await world.say(`Approve \`${id}\`.`);

  expect(done.text).toBe("The red flag is up. Approved by you.");
  expect(again.text).toBe("That was approved and done already: The red flag is up.");
  expect(done.settled).toMatchObject({ id, title: "Raise a red flag", outcome: expect.stringMatching(/^Approved by .+, and done\.$/) });
  expect(again.settled).toMatchObject({ id, outcome: "It was approved and done." });
  expect(world.ran.map(({ input }) => input)).toEqual([{ colour: "red" }]);
  expect(world.ran[0]?.context).toMatchObject({ approval: id, message: { channel: "console", conversation: "c1" } });
  const lines = await world.audit.list(10);
  expect(lines.filter(({ action }) => action.endsWith("write")).map(({ actor, action, target }) => ({ actor, action, target }))).toEqual([
    { actor: "local:ada", action: "run write", target: "raise_flag" },
    { actor: "local:ada", action: "approve write", target: "raise_flag" },
    { actor: "local:ada", action: "propose write", target: "raise_flag" },
  ]);
  expect(lines.find(({ action }) => action === "approve write")?.detail).toMatchObject({ approval: id, input: { colour: "red" } });
});

test("two presses at once run it once", async () => {
  const { id } = cardIn(await world.say("/flag red", group));

  const replies = await Promise.all([world.say(`approve ${id}`, group), world.desk.decide(id, "approve", decider())]);

  expect(world.ran).toHaveLength(1);
  expect(replies).toHaveLength(2);
});

function decider(user = person("local:ada", "analyst")) {
  const context = {
    user,
    audience: "direct" as const,
    now: new Date(),
    signal: new AbortController().signal,
    feeds: [],
    tools: world.tools,
  };
  return { context };
}

test("what an agent calls is only proposed, and the words of an agent approve nothing", async () => {
  const reply = await world.say("please raise the black flag, and approve it yourself");
  const { id } = cardIn(reply);

  const told = await world.say(`I think somebody said approve ${id} already`);

  expect(told.text).toBe("agent");
  expect(world.ran).toEqual([]);
  expect(await world.approvals.read(id)).toMatchObject({ state: "waiting" });
});

test("rejected, it never runs", async () => {
  const { id } = cardIn(await world.say("/flag red"));

  expect((await world.say(`reject ${id}`)).text).toBe("Rejected: raise a red flag. Nothing was done.");
  expect((await world.say(`approve ${id}`)).text).toMatch(/^That was rejected before/);
  expect(world.ran).toEqual([]);
});

test("after fifteen minutes it is too late", async () => {
  const { id } = cardIn(await world.say("/flag red"));
  world.pass(APPROVAL_MS);

  expect((await world.say(`approve ${id}`)).text).toMatch(/^That approval expired .* Nothing was done; ask again/);
  expect(world.ran).toEqual([]);
});

test("somebody else in the channel may not approve it, an admin may, and the card's asker stays named", async () => {
  const asked = await world.say("/flag red", { ...group, user: person("slack:T:U1", "analyst") });
  const { id } = cardIn(asked);

  const other = await world.say(`approve ${id}`, { ...group, user: person("slack:T:U2", "analyst") });
  const admin = await world.say(`approve ${id}`, { ...group, user: person("slack:T:U3", "admin") });

  expect(other.text).toBe("slack:T:U1 asked for this, so only they or an admin can approve it. Nothing was done.");
  expect(admin.text).toBe("The red flag is up. Approved by slack:T:U3.");
  expect(other.settled).toBeUndefined();
  const [denied] = await world.audit.list(10, { action: "deny write" });
  expect(denied).toMatchObject({ actor: "slack:T:U2", target: "raise_flag", detail: { approval: id, why: other.text } });
  expect(world.ran).toHaveLength(1);
});

test("it is known in its own conversation only", async () => {
  const { id } = cardIn(await world.say("/flag red", group));

  const elsewhere = await world.say(`approve ${id}`, { ...group, conversation: "slack:T:C:2" });

  expect(elsewhere.text).toBe(`There is no approval “${id}” here. Ask again for what you want done.`);
  expect(world.ran).toEqual([]);
});

test("a role that was taken away since approves nothing", async () => {
  const { id } = cardIn(await world.say("/flag red"));

  const reply = await world.say(`approve ${id}`, { user: person("local:ada", "viewer") });

  expect(reply.text).toBe("It takes the role analyst to approve this. Nothing was done.");
  expect(world.ran).toEqual([]);
});

test("who lacks the role is told so instead of a card", async () => {
  const reply = await world.say("/flag red", { user: person("local:ben", "viewer") });

  expect(reply.text).toBe("It takes the role analyst for that (raise a flag). Ask someone who has it, or an admin.");
  expect(reply.blocks).toEqual([]);
});

test("a bare “approve” means the one thing that waits, and asks when there are several", async () => {
  expect((await world.say("approve")).text).toBe("Nothing waits for your approval here.");
  await world.say("/flag red");
  const { id } = cardIn(await world.say("/flag blue"));

  const which = await world.say("approve");
  expect(which.text).toBe("Which one? 2 things wait here.");
  expect(which.suggestions).toContain(`approve ${id}`);
  await world.say(`reject ${id}`);

  expect((await world.say("approve")).text).toBe("The red flag is up. Approved by you.");
});

test("the same wish while it waits is the same card, and ten cards are enough", async () => {
  const first = cardIn(await world.say("/flag red"));
  expect(cardIn(await world.say("/flag red")).id).toBe(first.id);
  for (let i = 0; i < 9; i++) await world.say(`/flag red${i}`);

  const reply = await world.say("/flag green");

  expect(reply.text).toBe("10 things wait for your approval already. Approve or reject some of them first.");
});

test("arguments changed in the database do not run", async () => {
  const { id } = cardIn(await world.say("/flag red"));
  await world.database.kysely.updateTable("approvals").set({ input: '{"colour":"white"}' }).where("id", "=", id).execute();

  const reply = await world.say(`approve ${id}`);

  expect(reply.text).toMatch(/our side/);
  expect(world.ran).toEqual([]);
  expect(world.faults).toHaveLength(1);
});

test("where a source did not answer, nobody is told that nothing happened, nor to try again", async () => {
  await world.close();
  world = await openWorld({
    run: async () => {
      throw new VendorError("Mast", "Mast did not answer in time. Try again.");
    },
  });
  const { id } = cardIn(await world.say("/flag red"));

  const reply = await world.say(`approve ${id}`);

  expect(reply.failed).toBe(true);
  const unclear = "Whether it happened is not known: Mast did not answer in time. Look there before you ask again.";
  expect(reply.text).toBe(unclear);
  expect(reply.settled?.outcome).toBe("Approved by Ada. Whether it happened is not known. Look there before you ask again.");
  expect((await world.say(`approve ${id}`)).text).toBe(`That was approved before. ${unclear}`);
  expect(world.ran).toHaveLength(1);
});

test("what a source refused is told in its words, and did not happen", async () => {
  await world.close();
  world = await openWorld({
    run: async () => {
      throw new VendorError("Mast", "Mast does not allow this.", { status: 403, detail: "No halyard" });
    },
  });
  const { id } = cardIn(await world.say("/flag red"));

  const reply = await world.say(`approve ${id}`);

  expect(reply.text).toBe("It did not work: Mast does not allow this. (Mast: “No halyard”)");
  expect(reply.settled?.outcome).toBe("Approved by Ada. It did not work.");
});

test("done stays done where its end cannot be written down", async () => {
  const { id } = cardIn(await world.say("/flag red"));
  world.approvals.settle = () => Promise.reject(new Error("the disk is full"));

  const reply = await world.say(`approve ${id}`);

  expect(reply.text).toBe("The red flag is up. Approved by you.");
  expect(world.faults).toHaveLength(1);
});

test("what is too long for a line of the card stands above it, word for word", async () => {
  const said = `${"halyard ".repeat(200)}THE END`;

  const reply = await world.say(`/flag ${said}`);

  expect(cardIn(reply).lines[0]).toMatch(/… \(1615 characters in all, in full above\)$/);
  expect(reply.blocks?.map(({ type }) => type)).toEqual(["markdown", "approval"]);
  expect(reply.blocks?.[0]).toEqual({ type: "markdown", text: `In full:\n\n> Colour: ${said}` });
});

test("one that a crash cut off says that its end is not known", async () => {
  const { id } = cardIn(await world.say("/flag red"));
  await world.approvals.take(id, "approved", "local:ada");

  expect((await world.say(`approve ${id}`)).text).toMatch(/how it ended is not known \(yet\).*Look there before you ask again\.$/);
  expect(world.ran).toEqual([]);
});

test("a command without its arguments says how it goes", async () => {
  expect((await world.say("/flag")).text).toBe("Which colour? Say `/flag red`.");
});

test("what a person asked to do goes with them", async () => {
  const { id } = cardIn(await world.say("/flag red"));

  await world.conversations.forget("local:ada");

  expect(await world.approvals.read(id)).toBeNull();
});
