import { afterEach, expect, test } from "vitest";
import { seededRandom } from "../../kit/random.ts";
import type { Fields } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld } from "./world.ts";

const open: TeamsWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0).reverse()) await world.close();
});

const GESTURES = 120;
const SLICE = 40;

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  for (let i = left.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [left[i], left[j]] = [left[j] as T, left[i] as T];
  }
  return left;
}

/**
 * Each gesture comes under its own id three times, and a click under other ids too. Within a slice all come at once and in any order, to two
 * processes on one database.
 */
test("every gesture is one turn, whatever copies of it come, in whatever order and to whichever process", async () => {
  const random = seededRandom(7);
  const handled: string[] = [];
  const answer = async function* (message: { text: string }) {
    handled.push(message.text);
    yield finalReply();
  };
  const first = await openTeamsWorld({ answer });
  const second = await openTeamsWorld({ answer, shared: first });
  open.push(first, second);
  const { activities } = first.teams;

  for (let from = 0; from < GESTURES; from += SLICE) {
    const gestures = Array.from({ length: SLICE }, (_, i) => {
      const n = from + i;
      // Its own conversation each: Teams' rates are not what is tested here.
      const conversation = { id: `a:person${n}`, conversationType: "personal", tenantId: activities.message("").conversation.tenantId };
      const kinds = [
        () => activities.message(`typed ${n}`, { conversation }),
        () => activities.submit({ question: `submitted ${n}` }, { conversation }),
        () => activities.execute("ask", { question: `invoked ${n}` }, { conversation }),
      ];
      return (kinds[n % kinds.length] ?? kinds[0])?.() as Fields;
    });
    const deliveries = gestures.flatMap((gesture) => [
      gesture,
      activities.again(gesture),
      activities.again(gesture),
      ...(gesture.value ? [activities.copy(gesture), activities.copy(gesture)] : []),
    ]);
    const mixed = shuffled(deliveries, random);
    const half = Math.ceil(mixed.length / 2);
    for (const part of [mixed.slice(0, half), mixed.slice(half)]) {
      const answers = await Promise.all(part.map((activity) => (random() < 0.5 ? first : second).deliver(activity)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      first.clock.advance(25_000);
    }
  }
  await Promise.all([first.channel.stop(), second.channel.stop()]);

  expect(handled).toHaveLength(GESTURES);
  expect(new Set(handled).size).toBe(GESTURES);
  expect(first.teams.standing).toHaveLength(GESTURES);
});
