import { z } from "zod";
import { cut } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";

const USAGE = "It goes like this: `/post #finops Costs are back to normal`, or “post that to #finops” after an answer.";
const PREVIOUS =
  /^(?:please\s+)?(?:post|send|share)\s+(?:this|that|it|the\s+(?:answer|summary))\s+(?:to|in|into)\s+(#[\w.-]{1,80})\s*[.!]?$/iu;
const SAID = /^(?:please\s+)?(?:post|send|share)\s+(?:to|in|into)\s+(#[\w.-]{1,80})\s*:\s*(\S[\s\S]*)$/iu;
const COMMAND = /^\/post\b\s*(?:(#?[\w.-]{1,80})\s+([\s\S]*))?$/iu;

/** Posts words a person has seen on the card to another channel; through the outbox, so once. */
export const postMessage = defineTool({
  name: "post_message",
  title: "Post to another channel",
  description:
    "Posts a short text to another channel of the same workspace, once the person has approved the card that shows it. Use it when someone asks to post, share or send a summary elsewhere.",
  examples: ["post that to #finops", "share the summary in #leads", "send to #general: the incident is over", "tell #platform about it"],
  effect: "write",
  role: "analyst",
  command: { name: "post", hint: "#CHANNEL text" },
  input: z.strictObject({
    channel: z.string().trim().min(1).max(120).describe('Name of the channel: "#finops".'),
    text: z.string().trim().min(1).max(3_000).describe("What is posted, as markdown, with each figure as the answer gave it."),
  }),

  fromWords(words, previous) {
    const said = words.trim();
    const [, channel] = PREVIOUS.exec(said) ?? [];
    if (channel !== undefined) {
      if (!previous) throw new UserError(`There is no answer before this to post. ${USAGE}`);
      return { channel, text: cut(previous, 3_000) };
    }
    const [, to, text] = SAID.exec(said) ?? COMMAND.exec(said) ?? [];
    if (to !== undefined && text?.trim()) return { channel: to, text: text.trim() };
    if (/^\/post\b/i.test(said)) throw new UserError(`Where to, and what? ${USAGE}`);
    return undefined;
  },

  async preview({ channel, text }, context) {
    await placeOf(channel, context);
    return {
      title: `Post to ${nameOf(channel)}`,
      lines: [`Channel: ${nameOf(channel)}, where everyone in it reads it`, `Text: ${text}`, `Signed: ${signature(context)}`],
    };
  },

  async run({ channel, text }, context): Promise<Finding> {
    const { place, desk } = await placeOf(channel, context);
    const state = await desk.post(place, `${text}\n\n_${signature(context)}_`, `approval:${context.approval ?? ""}`);
    const words =
      state === "sent" ? `Posted to ${nameOf(channel)}.` : `On its way to ${nameOf(channel)}: it is posted once, as soon as it is taken.`;
    return { content: words, blocks: [{ type: "markdown", text: words }], receipts: [] };
  },
});

async function placeOf(channel: string, { desk, message }: ToolContext) {
  if (!desk || !message) throw new UserError("Say it in the chat whose channels are meant.", { path: "channel" });
  const conversation = await desk.findPlace(nameOf(channel), message);
  return { place: { channel: message.channel, conversation }, desk };
}

function nameOf(channel: string): string {
  return channel.startsWith("#") ? channel : `#${channel}`;
}

function signature({ user }: ToolContext): string {
  return `Posted by Firstmate for ${user.name}.`;
}
