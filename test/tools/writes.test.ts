import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectsOf } from "../../src/app/scopes.ts";
import { createWriteDesk } from "../../src/app/write-desk.ts";
import { createApprovalDesk } from "../../src/approvals/desk.ts";
import type { Tool, ToolContext } from "../../src/core/tool.ts";
import { UserError } from "../../src/errors.ts";
import { createApprovals } from "../../src/records/approvals.ts";
import { createBindings } from "../../src/records/bindings.ts";
import { createConversations } from "../../src/records/conversations.ts";
import { projects } from "../../src/records/projects.ts";
import { createRecords, type Records } from "../../src/records/record-store.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { archiveProject } from "../../src/tools/archive-project.ts";
import { bindChannel } from "../../src/tools/bind-channel.ts";
import { changeDigest } from "../../src/tools/change-digest.ts";
import { createProject } from "../../src/tools/create-project.ts";
import { forgetMe } from "../../src/tools/forget-me.ts";
import { myQuestions } from "../../src/tools/my-questions.ts";
import { postMessage } from "../../src/tools/post-message.ts";
import { setProjectBudget } from "../../src/tools/set-project-budget.ts";
import { DEFINITION_CHECKS } from "../kit/tool-conformance.ts";

/** What our own writes do to the real database, and which words ask for them. */

const NOW = new Date("2026-11-21T09:00:00Z");
const user = { id: "slack:T:U1", name: "Ada", timeZone: "UTC", roles: ["analyst" as const] };
let database: Database;
let records: Records;
let context: ToolContext;
let woken: number;

beforeEach(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
  let count = 0;
  records = createRecords(
    database,
    () => NOW,
    () => `p${++count}`,
  );
  const bindings = createBindings(database, () => NOW);
  const desk = createWriteDesk({ database, records, bindings, conversations: createConversations(database, () => NOW) }, () => NOW);
  woken = 0;
  desk.open(
    [
      {
        name: "slack",
        start: async () => {},
        send: async () => ({ state: "refused", reason: "not here" }),
        findPlace: async (name) => (name === "#finops" ? "slack:T:C9" : undefined),
        stop: async () => {},
      },
    ],
    () => {
      woken++;
      void database.kysely.updateTable("outbox").set({ state: "sent" }).execute();
    },
  );
  context = {
    user,
    audience: "group",
    now: NOW,
    signal: new AbortController().signal,
    feeds: [],
    tools: [],
    message: { channel: "slack", conversation: "slack:T:C1:17.5", text: "" },
    projects: projectsOf({ records }),
    desk,
    approval: "7f3a1c",
  };
  for (const name of ["Atlas", "Borealis"]) await records.create(projects, { name }, { id: user.id, sight: "all" });
});
afterEach(() => database.close());

describe.each([postMessage, createProject, forgetMe, setProjectBudget, archiveProject, bindChannel, changeDigest])(
  "the tool $name",
  (tool) => {
    it.each(DEFINITION_CHECKS)("$name", ({ check }) => check(tool as never));

    it.each([
      "How much did we spend last month?",
      "post mortem of the outage",
      "what is the budget of Atlas?",
      "which channel is bound to Atlas?",
      "show the digests",
      "restore the backup of yesterday",
      "archive the old tickets",
      "which project is archived?",
      "is the project within its budget of 12k a month?",
      "create project report",
      "create a project brief for Atlas",
      "start project review of Atlas",
      "create a chart of project costs",
      "forget about it",
      "delete my project",
      "clear the history of deployments",
    ])("is not asked for by “%s”", (words) => expect(tool.fromWords?.(words)).toBeUndefined());
  },
);

describe("a change of a digest", () => {
  it.each([
    ["move the cost digest to every weekday at 8 in Berlin", { action: "move", digest: "cost", schedule: "every weekday at 8 in Berlin" }],
    ["please pause the daily cost digest", { action: "pause", digest: "cost" }],
    ["Stop the health digest for now.", { action: "pause", digest: "health" }],
    ["resume the ai usage digest", { action: "resume", digest: "ai-usage" }],
    ["unsubscribe us from the delivery digest", { action: "remove", digest: "delivery" }],
    ["subscribe us to the weekly delivery digest", { action: "add", digest: "delivery" }],
    ["subscribe this channel to the cost digest every weekday at 9", { action: "add", digest: "cost", schedule: "every weekday at 9" }],
    ["can you send me the cost report every morning at 8?", { action: "add", digest: "cost", schedule: "every morning at 8" }],
    ["remind me every Monday about cloud costs", { action: "add", digest: "cost", schedule: "every Monday" }],
    ["tell us about incidents every weekday at 7 in London", { action: "add", digest: "health", schedule: "every weekday at 7 in London" }],
  ])("is asked for by “%s”", (words, input) => expect(changeDigest.fromWords?.(words)).toEqual(input));

  it.each([
    "when does the cost digest come?",
    "how do I stop the digest?",
    "send me a daily report",
    "tell me about incidents",
    "remind me every Monday about the standup",
    "tell me every service that costs more than last month",
  ])("is not asked for by “%s”", (words) => expect(changeDigest.fromWords?.(words)).toBeUndefined());
});

describe("a new project", () => {
  it.each([
    ["create project atlas", { name: "atlas" }],
    ["Please create a project called “Web Shop”.", { name: "Web Shop" }],
    ["add project Web Shop", { name: "Web Shop" }],
    ["create a new project named Mission Report", { name: "Mission Report" }],
    ["register project Comet with acme/api, acme/web and acme/app", { name: "Comet", repositories: ["acme/api", "acme/web", "acme/app"] }],
    ["create a project called Comet for repository acme/api", { name: "Comet", repositories: ["acme/api"] }],
  ])("is asked for by “%s”", (words, input) => expect(createProject.fromWords?.(words)).toEqual(input));

  it("is shown with all its fields, then kept as shown, for everyone to see", async () => {
    const asked = { name: "Comet", repositories: ["acme/api"], owner: "Ada" };

    const preview = await createProject.preview?.(asked, context);
    await createProject.run(asked, context);

    expect(preview).toEqual({
      title: "Create project Comet",
      lines: ["Name: Comet", "Repositories: acme/api", "Owner: Ada", "Everyone sees it until it is given members."],
    });
    const { records: stored } = await records.list(projects, { limit: 10, name: "comet" }, []);
    expect(stored[0]?.data).toEqual(asked);
    expect(stored[0]?.createdBy).toBe(user.id);
  });

  it("of a name that is taken is refused on the card, and where that is hidden when it is made", async () => {
    await records.create(projects, { name: "Secret", members: ["slack:T:U2"] }, { id: "x", sight: "all" });

    await expect(createProject.preview?.({ name: "ATLAS" }, context)).rejects.toThrow("There is a project Atlas already");
    await expect(createProject.run({ name: "secret" }, context)).rejects.toThrow("another project of this name");
  });

  it("is not made with a key of one project", async () => {
    const keyed = { ...context, user: { ...user, project: { id: "p1", fields: { name: "Atlas" } } } };

    await expect(createProject.run({ name: "Comet" }, keyed)).rejects.toThrow("creates no other");
  });
});

describe("a budget", () => {
  it.each([
    ["/budget Atlas 20000 EUR", { project: "Atlas", amount: 20_000, currency: "EUR", period: "month" }],
    ["/budget Web Shop 20k usd per quarter", { project: "Web Shop", amount: 20_000, currency: "USD", period: "quarter" }],
    [
      "set the budget of project Atlas to 1,234,567.50 EUR a year.",
      { project: "Atlas", amount: 1_234_567.5, currency: "EUR", period: "year" },
    ],
    ["/budget Atlas none", { project: "Atlas", amount: null }],
    ["set budget of Atlas to 12k EUR a month", { project: "Atlas", amount: 12_000, currency: "EUR", period: "month" }],
    ["set budget to 12k a month", { amount: 12_000, period: "month" }],
    ["Could you raise the budget to $15,000 yearly?", { amount: 15_000, currency: "USD", period: "year" }],
    ["change Atlas's budget to 5,000 euros per quarter", { project: "Atlas", amount: 5_000, currency: "EUR", period: "quarter" }],
    ["change project Atlas’s budget to 2 million", { project: "Atlas", amount: 2_000_000, period: "month" }],
    ["remove the budget of Atlas", { project: "Atlas", amount: null }],
  ])("is read from “%s”", (words, input) => expect(setProjectBudget.fromWords?.(words)).toEqual(input));

  it.each(["/budget", "/budget Atlas", "/budget Atlas 20,5 EUR", "set the budget of Atlas to a lot"])("asks back for “%s”", (words) =>
    expect(() => setProjectBudget.fromWords?.(words)).toThrow(UserError),
  );

  it("is shown with the one before it, and set", async () => {
    const input = setProjectBudget.input.parse({ project: "atlas", amount: 500, currency: "EUR" });
    await setProjectBudget.run(input, context);

    const preview = await setProjectBudget.preview?.({ ...input, amount: null }, context);
    const { records: stored } = await records.list(projects, { limit: 10, name: "Atlas" }, "all");

    expect(preview).toEqual({
      title: "Remove the budget of Atlas",
      lines: ["Project: Atlas", "Budget so far: €500.00 per month", "Budget from now on: none"],
      settled: { project: "Atlas" },
    });
    expect(stored[0]?.data).toEqual({ name: "Atlas", budget: { amount: 500, currency: "EUR", period: "month" } });
  });

  it("is that of the place's project, in the currency it has, and both are fixed by what the card shows", async () => {
    await setProjectBudget.run({ project: "Atlas", amount: 500, currency: "EUR", period: "month" }, context);
    const asked = setProjectBudget.input.parse(setProjectBudget.fromWords?.("set budget to 12k a month"));

    const preview = await setProjectBudget.preview?.(asked, { ...context, scope: "p1" });

    expect(preview).toMatchObject({ title: "Set the budget of Atlas", settled: { project: "Atlas", currency: "EUR" } });
    expect(preview?.lines).toContain("Budget from now on: €12,000.00 per month");
    await expect(setProjectBudget.preview?.(asked, context)).rejects.toThrow("Which project? Say its name: this place is bound to none.");
    const desk = createApprovalDesk({ approvals: createApprovals(database, () => NOW), now: () => NOW, onFault: () => {} });
    const guarded = desk.guard(setProjectBudget as unknown as Tool);
    const card = await guarded.run(asked, { ...context, scope: "p1" });
    const stored = await createApprovals(database, () => NOW).read((card.data as { approval: string }).approval);
    expect(stored?.input).toEqual({ project: "Atlas", amount: 12_000, currency: "EUR", period: "month" });
  });

  it.each([
    ["a project that is none", { project: "Atlantis", amount: 1, currency: "EUR" }, /Did you mean Atlas\?|There is Atlas and Borealis/],
    ["no currency", { project: "Atlas", amount: 1 }, /In which currency/],
  ])("with %s is refused on the card", async (_, given, says) => {
    await expect(setProjectBudget.preview?.(setProjectBudget.input.parse(given), context)).rejects.toThrow(says);
  });

  it("of a project one does not see is as one of none", async () => {
    await records.create(projects, { name: "Secret", members: ["slack:T:U2"] }, { id: "x", sight: "all" });

    await expect(setProjectBudget.preview?.({ project: "Secret", amount: null, period: "month" }, context)).rejects.toThrow(
      /There is no project “Secret”/,
    );
  });
});

describe("what I asked", () => {
  const asked = async (who: string, text: string) => {
    const conversations = createConversations(database, () => NOW);
    const message = { id: text, channel: "slack", conversation: `slack:T:D-${who}`, audience: "direct" as const, text, at: NOW };
    await conversations.begin({ message: { ...message, user: { ...user, id: who } }, turnId: text });
    return conversations;
  };

  it.each(["forget me", "Please delete all my data.", "clear my history", "forget everything about me"])("is forgotten by “%s”", (words) =>
    expect(forgetMe.fromWords?.(words)).toEqual({}),
  );

  it("is shown to me alone", async () => {
    await asked(user.id, "mine");
    await asked("slack:T:U2", "theirs");

    const shown = await myQuestions.run({}, { ...context, audience: "direct" });

    expect(shown.content).toContain("mine");
    expect(shown.content).not.toContain("theirs");
    await expect(myQuestions.run({}, context)).rejects.toThrow("direct message");
  });

  it("is deleted after approval: mine, whoever approves it, and never another's", async () => {
    const conversations = await asked(user.id, "mine");
    await asked("slack:T:U2", "theirs");
    const admin = { ...user, id: "slack:T:U9", roles: ["admin" as const] };
    await asked(admin.id, "the admin's");
    const desk = createApprovalDesk({ approvals: createApprovals(database, () => NOW), now: () => NOW, onFault: () => {} });
    const guarded = desk.guard(forgetMe as unknown as Tool);

    const card = await guarded.run({ person: "slack:T:U2" }, context);
    expect(await conversations.questions(user.id, 5)).toHaveLength(1);
    const { approval } = card.data as { approval: string };
    const decided = await desk.decide(approval, "approve", { context: { ...context, user: admin }, conversation: "slack:T:C1:17.5" });

    expect(decided.state).toBe("done");
    expect(await conversations.questions(user.id, 5)).toEqual([]);
    for (const other of ["slack:T:U2", admin.id]) expect(await conversations.questions(other, 5)).toHaveLength(1);
  });

  it("at a machine where everybody has one name is left alone, and no card says otherwise", async () => {
    const everybody = { ...context, user: { ...user, id: "local:viewer" } };

    await expect(forgetMe.preview?.({}, everybody)).rejects.toThrow("a key of your own");
    await expect(forgetMe.run({}, everybody)).rejects.toThrow("a key of your own");
  });
});

describe("an archive", () => {
  it.each([
    ["/archive Atlas", { project: "Atlas" }],
    ["archive project Web Shop", { project: "Web Shop" }],
    ["please archive the Atlas project.", { project: "Atlas" }],
    ["archive Atlas", { project: "Atlas" }],
    ["archive this project", {}],
    ["restore project Atlas", { project: "Atlas", restore: true }],
    ["unarchive Atlas", { project: "Atlas", restore: true }],
  ])("is asked for by “%s”", (words, input) => expect(archiveProject.fromWords?.(words)).toEqual(input));

  it("takes a project out of the lists, and gives it back", async () => {
    const inLists = async () => ((await context.projects?.(user)) ?? []).map(({ fields }) => fields.name);

    const card = await archiveProject.preview?.({ project: "atlas", restore: false }, context);
    const gone = await archiveProject.run({ project: "atlas", restore: false }, context);
    expect(card?.title).toBe("Archive project Atlas");
    expect(gone.content).toBe("Project Atlas is in the archive now. “restore project Atlas” brings it back.");
    expect(await inLists()).toEqual(["Borealis"]);
    await expect(archiveProject.preview?.({ project: "Atlas", restore: false }, context)).rejects.toThrow(/There is no project “Atlas”/);

    await archiveProject.run({ project: "atlas", restore: true }, context);
    expect((await inLists()).sort()).toEqual(["Atlas", "Borealis"]);
    await expect(archiveProject.run({ project: "Atlas", restore: true }, context)).rejects.toThrow("There is none in the archive");
  });

  it("does not hold what one may not see", async () => {
    const secret = await records.create(projects, { name: "Secret", members: ["slack:T:U2"] }, { id: "x", sight: "all" });
    if (secret.state === "done") await records.setArchived(projects, secret.record.id, true, { id: "x", sight: "all" });

    await expect(archiveProject.preview?.({ project: "Secret", restore: true }, { ...context, audience: "direct" })).rejects.toThrow(
      /There is no project “Secret”/,
    );
  });

  it("gives no name twice", async () => {
    await archiveProject.run({ project: "Atlas", restore: false }, context);
    await records.create(projects, { name: "Atlas" }, { id: "x", sight: "all" });

    await expect(archiveProject.run({ project: "Atlas", restore: true }, context)).rejects.toThrow("another project of this name");
  });
});

describe("a binding", () => {
  it.each([
    ["unbind this channel", { project: null }],
    ["bind this channel to project atlas", { project: "atlas" }],
    ["this channel is about Atlas from now on", { project: "Atlas" }],
    ["link this channel to project Web Shop.", { project: "Web Shop" }],
  ])("is asked for by “%s”", (words, input) => expect(bindChannel.fromWords?.(words)).toEqual(input));

  it("is of the whole channel, and is taken away again", async () => {
    const bindings = createBindings(database, () => NOW);

    const bound = await bindChannel.run({ project: "Atlas" }, context);
    expect(bound.content).toBe("This channel is bound to Atlas now.");
    expect(await bindings.boundTo("slack:T:C1")).toBe("p1");
    await bindChannel.run({ project: null }, context);

    expect(await bindings.boundTo("slack:T:C1")).toBeNull();
    await expect(bindChannel.run({ project: null }, context)).rejects.toThrow("bound to no project");
  });

  it("to a project others hide there is refused", async () => {
    const bindings = createBindings(database, () => NOW);
    await records.create(projects, { name: "Secret", members: ["slack:T:U2"] }, { id: "x", sight: "all" });
    await bindings.bind("slack:T:C1", "p3", "x");

    await expect(bindChannel.run({ project: "Atlas" }, context)).rejects.toThrow("a project you do not see");
    expect(await bindings.boundTo("slack:T:C1")).toBe("p3");
  });

  it.each([
    ["/bind Atlas", { project: "Atlas" }],
    ["bind this channel to project Atlas.", { project: "Atlas" }],
    ["/bind none", { project: null }],
  ])("is read from “%s”", (words, input) => expect(bindChannel.fromWords?.(words)).toEqual(input));
});

describe("a post", () => {
  it("goes to the outbox once, signed, and is sent at once", async () => {
    await postMessage.run({ channel: "finops", text: "Costs fell by **4%**." }, context);
    await postMessage.run({ channel: "finops", text: "Costs fell by **4%**." }, context);

    const rows = await database.kysely.selectFrom("outbox").select(["key", "channel", "conversation", "reply"]).execute();
    expect(rows).toEqual([
      {
        key: "approval:7f3a1c",
        channel: "slack",
        conversation: "slack:T:C9",
        reply: expect.stringContaining("Posted by Firstmate for Ada."),
      },
    ]);
    expect(woken).toBe(2);
  });

  it("to a channel the bot does not see is refused on the card", async () => {
    await expect(postMessage.preview?.({ channel: "#secret", text: "x" }, context)).rejects.toThrow(
      "I see no channel “#secret” here. Invite me to it",
    );
  });

  it.each([
    ["/post #finops Costs fell", { channel: "#finops", text: "Costs fell" }],
    ["send to #finops: Costs fell", { channel: "#finops", text: "Costs fell" }],
    ["Please post that to #finops", { channel: "#finops", text: "The answer before." }],
  ])("is read from “%s”", (words, input) => expect(postMessage.fromWords?.(words, "The answer before.")).toEqual(input));

  it("of an answer that is not there says so", () => {
    expect(() => postMessage.fromWords?.("post that to #finops")).toThrow("There is no answer before this");
  });
});

describe("a digest", () => {
  it("is moved by a plain sentence", () => {
    expect(changeDigest.fromWords?.("Move the cost digest to every weekday at 8 in Berlin")).toEqual({
      action: "move",
      digest: "cost",
      schedule: "every weekday at 8 in Berlin",
    });
  });
});
