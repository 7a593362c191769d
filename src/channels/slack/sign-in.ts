import type { KnownBlock } from "@slack/types";
import { explainError, UserError } from "../../errors.ts";
import type { ChannelOptions } from "../index.ts";
import { LINK_TERMS } from "../sign-in.ts";
import type { Gesture } from "./parse.ts";
import type { Known } from "./people.ts";
import { ACTIONS } from "./render-foot.ts";
import { section } from "./render-text.ts";
import { escapeText } from "./text.ts";
import { userIdOf } from "./turns.ts";

/** What one person alone is told. */
export interface PrivateWords {
  text: string;
  blocks: KnownBlock[];
}

/** A link that signs the person in to the console. Not through the router: it belongs into no record and before no model. Never throws. */
export async function signInWords({ place, user }: Gesture, person: Known, { signIn, onFault }: ChannelOptions): Promise<PrivateWords> {
  const { name = "someone", email, timeZone } = typeof person === "object" ? person : {};
  const who = { user: userIdOf(place.team, user), name, ...(email ? { email } : {}), ...(timeZone ? { timeZone } : {}) };
  try {
    const url = await signIn?.(who);
    const text = `This opens the web console as ${escapeText(name)}. ${LINK_TERMS}`;
    const button = { type: "button", action_id: `${ACTIONS.open}:sign-in`, text: { type: "plain_text", text: "Open the console" }, url };
    return { text, blocks: [{ ...section(text), accessory: button } as KnownBlock] };
  } catch (error) {
    if (!(error instanceof UserError)) onFault(error);
    return { text: explainError(error), blocks: [] };
  }
}
