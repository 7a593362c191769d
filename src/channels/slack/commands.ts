import type { Reply } from "../../core/reply.ts";
import type { createAnswering } from "./answer.ts";
import { NO_POST } from "./answer.ts";
import { refusalOf } from "./client.ts";
import type { Gesture } from "./parse.ts";
import type { Known } from "./people.ts";
import type { Poster } from "./post.ts";
import { renderReply } from "./render.ts";
import type { Respond } from "./respond.ts";
import { escapeText, literal, within } from "./text.ts";
import type { Carry, Turns } from "./turns.ts";

export interface AskingParts {
  turns: Turns;
  poster: Poster;
  answering: ReturnType<typeof createAnswering>;
  respond: Respond;
}

const PRIVATE = /(?:^|\s)--private\b/g;
/** A `response_url` takes five. */
const MOST_PRIVATE = 4;

/** Questions that stand nowhere as a message: commands, and buttons of the home tab. Resolves when the turn is kept, false when seen before. */
export function createAsking({ turns, poster, answering, respond }: AskingParts) {
  /** Public by default: a placeholder becomes the answer, so that its thread can go on. `--private` answers the asker alone, without pictures. */
  function ask(gesture: Gesture, person: Known, responseUrl: string): Promise<boolean> {
    if (!PRIVATE.test(gesture.text)) return turns.begin(gesture, person, openly(gesture, person, responseUrl));
    const question = gesture.text.replace(PRIVATE, "").trim();
    const alone = { ...gesture, text: question, place: { ...gesture.place, direct: true } };
    return turns.begin(alone, person, privately(responseUrl));
  }

  function openly({ place, user, text }: Gesture, person: Known, responseUrl: string): Carry {
    const asked = questionOf(text, person);
    return async (replies, turn) => {
      const waiting = { text: escapeText(`${literal(asked)} …`), blocks: [] };
      try {
        const { channel, ts } = await poster.post(place, waiting, `${turn.key}:placeholder`);
        await turns.settle(turn, { team: place.team, channel, thread: ts });
        const target = { place: { ...place, channel, thread: ts }, placeholder: ts };
        await answering.deliver(replies, { ...target, user, key: turn.key, asked, stopped: turn.stopped });
      } catch (error) {
        const why = NO_POST[refusalOf(error)];
        await respond(responseUrl, why ?? "Slack did not take my answer. Please try again in a minute.");
        if (!why) throw error;
      }
    };
  }

  function privately(responseUrl: string): Carry {
    return async (replies) => {
      let last: Reply | undefined;
      for await (const reply of replies) last = reply;
      const messages = last ? renderReply({ ...last, suggestions: [] }) : [];
      for (const { text, blocks } of messages.slice(0, MOST_PRIVATE))
        await respond(responseUrl, text, blocks).catch(() => respond(responseUrl, text));
    };
  }

  return { ask };
}

/** Above an answer whose question nobody else can see. */
export function questionOf(words: string, person: Known): string {
  const name = typeof person === "object" ? literal(person.name) : "";
  return `_${name ? `${name} asked: ` : ""}${within(literal(words), 300)}_`;
}
