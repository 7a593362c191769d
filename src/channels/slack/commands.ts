import type { Reply } from "../../core/reply.ts";
import type { createAnswering } from "./answer.ts";
import { NO_POST } from "./answer.ts";
import { refusalOf } from "./client.ts";
import { nativeCharts } from "./native-chart.ts";
import type { Gesture } from "./parse.ts";
import type { Known } from "./people.ts";
import type { Poster } from "./post.ts";
import type { Reach } from "./reach.ts";
import { plainerForms, renderReply, type SlackMessage } from "./render.ts";
import { NotTaken, type Respond } from "./respond.ts";
import { escapeText, literal, within } from "./text.ts";
import type { Carry, Turns } from "./turns.ts";

export interface AskingParts {
  turns: Turns;
  poster: Poster;
  answering: ReturnType<typeof createAnswering>;
  reach: Reach;
  respond: Respond;
  /** What help says beside the tools, as markdown; "" for nothing. */
  also: string;
}

const PRIVATE = /(?:^|\s|(?<=^\/))--private\b/g;
/** What a `response_url` takes. */
const USES = 5;

/** Questions that stand nowhere as a message: commands, and buttons of the home tab. Resolves when the turn is kept, false when seen before. */
export function createAsking({ turns, poster, answering, reach, respond, also }: AskingParts) {
  /** Public by default: a placeholder becomes the answer, so that its thread can go on. `--private` answers the asker alone, without pictures. */
  function ask(gesture: Gesture, person: Known, responseUrl: string): Promise<boolean> {
    const question = gesture.text.replace(PRIVATE, "").trim();
    if (question === gesture.text) return turns.begin(gesture, person, openly(gesture, person, responseUrl));
    const alone = { ...gesture, text: question === "/" ? HELP : question, place: { ...gesture.place, direct: true } };
    return turns.begin(alone, person, privately(alone, responseUrl));
  }

  function openly({ place, user, text }: Gesture, person: Known, responseUrl: string): Carry {
    const asked = questionOf(text, person);
    return async (replies, turn) => {
      const waiting = { text: escapeText(`${literal(asked)} …`), blocks: [] };
      await reach.note(turn.key, { channel: place.channel });
      try {
        const { channel, ts } = await poster.post(place, waiting, `${turn.key}:placeholder`);
        await reach.note(turn.key, { channel, thread: ts, ts });
        await turns.settle(turn, { team: place.team, channel, thread: ts });
        const target = { place: { ...place, channel, thread: ts }, placeholder: ts };
        await answering.deliver(withCommands(replies, text), { ...target, user, key: turn.key, asked, stopped: turn.stopped });
      } catch (error) {
        const why = NO_POST[refusalOf(error)];
        await respond(responseUrl, why ?? "Slack did not take my answer. Please try again in a minute.");
        if (!why) throw error;
      }
    };
  }

  function privately({ place, user, text }: Gesture, responseUrl: string): Carry {
    return async (replies, turn) => {
      await reach.note(turn.key, { channel: place.channel, alone: user });
      let last: Reply | undefined;
      for await (const reply of withCommands(replies, text)) last = reply;
      if (!last) return;
      const drawings = new Map([...nativeCharts(last)].map((native) => [native, { native }] as const));
      let left = USES;
      const messages = renderReply({ ...last, suggestions: [] }, drawings);
      for (const message of messages.slice(0, USES - 1)) left = await tell(message, responseUrl, left);
    };
  }

  /** In ever plainer forms while Slack says no; the last use is for words alone. Gives how often the address may still be used. */
  async function tell(message: SlackMessage, responseUrl: string, uses: number): Promise<number> {
    let left = uses;
    for (const { text, blocks } of plainerForms(message)) {
      if (left === 0) return 0;
      left -= 1;
      try {
        await respond(responseUrl, text, left === 0 ? {} : { blocks });
        return left;
      } catch (error) {
        if (!(error instanceof NotTaken)) throw error;
      }
    }
    return left;
  }

  /** Help also says what only this place can do. */
  async function* withCommands(replies: AsyncIterable<Reply>, asked: string): AsyncIterable<Reply> {
    for await (const reply of replies)
      yield reply.final && also && asked === HELP
        ? { ...reply, blocks: [...(reply.blocks ?? []), { type: "markdown", text: also }] }
        : reply;
  }

  return { ask };
}

const HELP = "/help";

/** Above an answer whose question nobody else can see. */
export function questionOf(words: string, person: Known): string {
  const name = typeof person === "object" ? literal(person.name) : "";
  return `_${name ? `${name} asked: ` : ""}${within(literal(words), 300)}_`;
}
