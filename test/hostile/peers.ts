import type { Message } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";
import { openSlack } from "../channels/slack/world.ts";
import { openTeamsWorld } from "../channels/teams/world.ts";
import { ADA, GROUP } from "../kit/teams/index.ts";

/** Another program in the conversation, that speaks again after each of our answers. */

/** I10: a bot that answers whatever we say hears at most so many answers before a person speaks. */
export const MOST_ANSWERS = 3;
const ROUNDS = 8;
/** What a platform marks a program's message with. */
export const SLACK_BOTS: readonly Record<string, unknown>[] = [{ bot_id: "B0RIVAL" }, { subtype: "bot_message" }];
export const TEAMS_BOTS: readonly Record<string, unknown>[] = [
  { from: { ...ADA, role: "bot" } },
  { from: { id: "28:rival", name: "Rival" } },
];

/** How often whoever sends such mentions is answered in Slack. */
export async function answersInSlack(extra: Record<string, unknown>): Promise<number> {
  const answers = createCount();
  const slack = await openSlack(answering, { channel: { onDelivered: answers.add } });
  try {
    await converse(async (text) => {
      await slack.http.send(slack.slack.gestures.mention({ user: "U0BEN", channel: "C0FINOPS", text, extra }));
      await new Promise((done) => setImmediate(done));
    });
    await slack.stop();
    return answers.made();
  } finally {
    await slack.close();
  }
}

/** How often whoever sends such activities is answered in Teams. */
export async function answersInTeams(fields: Record<string, unknown>): Promise<number> {
  const answers = createCount();
  const teams = await openTeamsWorld({ handle: answering, options: { onDelivered: answers.add } });
  try {
    await converse((text) => teams.deliver(teams.teams.activities.mentioned(text, GROUP, fields)));
    await teams.channel.stop();
    return answers.made();
  } finally {
    await teams.close();
  }
}

async function* answering(message: Message): AsyncIterable<Reply> {
  const turn = { id: message.id, conversation: message.conversation, agent: "deterministic" as const, tools: [] };
  yield { text: "", final: false };
  yield { text: `You said: ${message.text}`, final: true, turn };
}

function createCount() {
  let count = 0;
  return {
    async add() {
      count += 1;
    },
    made: () => count,
  };
}

async function converse(say: (text: string) => Promise<unknown>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await say(`Round ${round}: and what do you say to that?`);
}
