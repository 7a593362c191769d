import { type EventName, roundsAround, type StoryEvent } from "../story.ts";
import { DAY, dayOf } from "./calendar.ts";
import { type Frame, LEAD } from "./frame.ts";
import type { NewItem } from "./items.ts";
import { FAULTS } from "./story-faults.ts";
import { PLANS } from "./story-plans.ts";

/** The work behind the story's events: who changed what, and who put it right. Everything else of an event follows from it. */

export type Tellers = Readonly<Partial<Record<EventName, (event: StoryEvent, frame: Frame) => NewItem[]>>>;

const TELLERS: Tellers = { ...FAULTS, ...PLANS };

export function storyItems(frame: Frame): NewItem[] {
  const first = dayOf(frame.start - LEAD.made * DAY);
  const last = dayOf(frame.now - 1);
  // The round to come as well: its work is planned before its day.
  return (Object.keys(TELLERS) as EventName[]).flatMap((name) =>
    roundsAround(name, first, last).flatMap((event) => TELLERS[name]?.(event, frame) ?? []),
  );
}
