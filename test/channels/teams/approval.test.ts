import { expect, onTestFinished, test } from "vitest";
import { APPROVAL } from "../../kit/approval.ts";
import { GROUP } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, until } from "./world.ts";

test("the card of an approval that is over says how it ended, and has nothing left to press", async () => {
  const world = await openTeamsWorld({
    async *answer({ text }) {
      if (text.startsWith("approve"))
        yield finalReply({ text: "Done.", settled: { ...APPROVAL, outcome: "Approved by Ada Lovelace, and done." } });
      else yield finalReply({ text: "Shall I?", blocks: [APPROVAL] });
    },
  });
  onTestFinished(world.close);
  const { teams } = world;
  const cards = () =>
    teams.standing
      .map(({ id, activity }) => ({ id, content: JSON.stringify(activity.attachments?.[0]?.content ?? "") }))
      .filter(({ content }) => content.includes("Summary: Till"));
  await world.deliver(teams.activities.message("file a bug", { conversation: GROUP }));
  await until(() => cards().length === 1);
  const [asked] = cards();
  expect(asked?.content).toContain("approve 7f3a1c");

  await world.deliver(teams.activities.submit({ question: "approve 7f3a1c" }, { conversation: GROUP, replyToId: asked?.id }));
  await world.channel.stop();

  const [settled, ...more] = cards();
  expect(more).toEqual([]);
  expect(settled?.id).toBe(asked?.id);
  expect(settled?.content).toContain("Approved by Ada Lovelace, and done.");
  expect(settled?.content).not.toContain("approve 7f3a1c");
  expect(world.faults).toEqual([]);
});
