import type { TurnContext } from "botbuilder";

/** Clicks that Teams wants answered in the HTTP response. */

const CLICKED = { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "Working on it …" };
export const STRANGE_BUTTON = "I do not know this button any more. Please ask in words.";

export async function answerInvoke(context: TurnContext, body: object): Promise<void> {
  await context.sendActivity({ type: "invokeResponse", value: { status: 200, body } });
}

/** The click is taken; nothing for a message. */
export async function answerClick(context: TurnContext): Promise<void> {
  if (context.activity.type === "invoke") await answerInvoke(context, CLICKED);
}

export async function answerStrangeClick(context: TurnContext): Promise<void> {
  const value = { code: "BadRequest", message: STRANGE_BUTTON };
  await answerInvoke(context, { statusCode: 400, type: "application/vnd.microsoft.error", value });
}
