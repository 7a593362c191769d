import { openWorld, type World } from "../../digests/world.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The process dies half a minute before a digest is due, at nine in Berlin. */
const DEATH = new Date("2026-11-20T07:59:30Z").getTime();

/** Longest time down, in milliseconds → what is posted then, and how many slots are noted as missed. */
const DOWN: Readonly<Record<string, { ms: number; posts: readonly RegExp[]; missed: number }>> = {
  "1 minute": { ms: MINUTE, posts: [/^for /], missed: 0 },
  "3 hours": { ms: 3 * HOUR, posts: [/^_Late: due 09:00\._/], missed: 0 },
  "3 days": { ms: 3 * DAY, posts: [], missed: 3 },
};
const DAYS = 30;

export const downtimeTarget: Target = {
  id: "R5",
  test: `a daily digest whose process is down for ${Object.keys(DOWN).join(", ")} from half a minute before it is due, on each of ${DAYS} days`,
  good: "after a minute it is posted; after hours it is posted and called late; after days nothing is posted, each missed one is noted, and the next one says so",
  run: (scale) => restart(scale, async () => {}),
  control: {
    what: "a timer in the process, which knows nothing of the time before it",
    run: (scale) =>
      restart(
        scale,
        async (world) =>
          void (await world.database.kysely.updateTable("digest_subscriptions").set({ since: world.now().toISOString() }).execute()),
      ),
  },
};

async function restart(scale: Scale, forget: (world: World) => Promise<void>): Promise<Outcome> {
  const wrong: string[] = [];
  const days = partOf(DAYS, scale, 2);
  for (let day = 0; day < days; day++)
    for (const [down, expected] of Object.entries(DOWN)) {
      const problem = await once(new Date(DEATH + day * DAY), expected, forget);
      if (problem) wrong.push(`down ${down}: ${problem}`);
    }
  const tried = days * Object.keys(DOWN).length;
  return { figure: `${tried - wrong.length} of ${tried} as they should${wrong[0] ? `; ${wrong[0]}` : ""}`, good: wrong.length === 0 };
}

/** What is wrong, if anything. */
async function once(
  death: Date,
  { ms, posts, missed }: (typeof DOWN)[string],
  forget: (world: World) => Promise<void>,
): Promise<string | undefined> {
  const world = await openWorld("sqlite::memory:", death);
  const said = () => world.platform.posts.map(({ reply }) => reply.text);
  try {
    await world.subscribe();
    await world.process().tick();
    world.pass(ms);
    await forget(world);
    const next = world.process();
    await next.tick();
    const noted = world.events.filter(({ state }) => state === "missed").length;
    if (said().length !== posts.length || !posts.every((post, i) => post.test(said()[i] ?? ""))) return `posted ${JSON.stringify(said())}`;
    if (noted !== missed) return `${noted} noted as missed`;
    world.pass(DAY - (ms % DAY) + MINUTE);
    await next.tick();
    const told = said().at(-1) ?? "";
    if (said().length !== posts.length + 1) return `the next day: ${JSON.stringify(said())}`;
    return missed > 0 === told.includes("was missed") ? undefined : `the next day says “${told}”`;
  } finally {
    await world.close();
  }
}
