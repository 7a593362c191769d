import { seededRandom } from "../random.ts";
import type { FakeSlack, Gesture } from "./index.ts";

/** Mentions, each delivered five times: itself, a retry, its twin, the same surfaced again, the same for another app; in any order. */
export function shuffledDuplicates({ gestures }: Pick<FakeSlack, "gestures">, messages: number, seed = 7): Gesture[] {
  const random = seededRandom(seed);
  const deliveries = Array.from({ length: messages }, (_, i) => {
    const original = gestures.mention({ user: "U0ADA", channel: "C0FINOPS", text: `question ${i}` });
    const withoutClientId = i % 2 === 0;
    return [
      original,
      original,
      gestures.twin(original, { withoutClientId }),
      gestures.surfacedAgain(original),
      gestures.forOtherApp(original),
    ];
  });
  return deliveries
    .flat()
    .map((delivery) => ({ delivery, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ delivery }) => delivery);
}
