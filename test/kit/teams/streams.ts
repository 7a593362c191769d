import { blame, type Fields, Refusal } from "./shapes.ts";

const LONGEST_MS = 120_000;
const GAP_MS = 1_000;
const INFORMATIVE = 1_000;

interface Stream {
  id: string;
  conversation: string;
  begun: number;
  last: number;
  sequence: number;
  text: string;
  state: "open" | "done" | "cancelled";
}

/** What became of a streamed activity. */
export type Streamed = { kind: "begun" | "shown" | "dropped"; id: string } | { kind: "final"; id: string };

/** The rules of streaming in a personal chat. */
export function createStreams(newId: () => string) {
  const streams = new Map<string, Stream>();

  function take(conversation: string, activity: Fields, at: Date): Streamed | undefined {
    const info = (activity.entities ?? []).find((entity: Fields) => entity.type === "streaminfo");
    if (!info) {
      if (activity.type === "typing" && activity.text) blame("typing with text needs streaminfo");
      return undefined;
    }
    checkShape(activity, info);
    if (conversation.startsWith("19:")) notAllowed("streams are for personal chats");
    if (info.streamId === undefined) return begin(conversation, activity, info, at);
    const stream = streams.get(info.streamId);
    if (!stream || stream.conversation !== conversation) return notAllowed("unknown stream");
    checkOpen(stream, at);
    if (info.streamType !== "informative" && !String(activity.text ?? "").startsWith(stream.text))
      notAllowed("the text does not contain what was streamed before");
    if (info.streamType !== "final") return extend(stream, activity, info, at);
    stream.state = "done";
    return { kind: "final", id: stream.id };
  }

  function begin(conversation: string, activity: Fields, info: Fields, at: Date): Streamed {
    if (info.streamType === "final") blame("a final needs a streamId");
    if (info.streamSequence !== 1) blame("the first streamSequence is 1");
    const open = [...streams.values()].some(
      (s) => s.conversation === conversation && s.state === "open" && at.getTime() - s.begun <= LONGEST_MS,
    );
    if (open) notAllowed("another stream is open");
    const time = at.getTime();
    const text = info.streamType === "streaming" ? String(activity.text) : "";
    const stream: Stream = { id: newId(), conversation, begun: time, last: time, sequence: 1, text, state: "open" };
    streams.set(stream.id, stream);
    return { kind: "begun", id: stream.id };
  }

  function extend(stream: Stream, activity: Fields, info: Fields, at: Date): Streamed {
    if (at.getTime() - stream.last < GAP_MS) throw new Refusal(429, "TooManyRequests", { retryAfter: 1 });
    if (!(info.streamSequence > stream.sequence)) return { kind: "dropped", id: stream.id };
    stream.sequence = info.streamSequence;
    stream.last = at.getTime();
    if (info.streamType === "streaming") stream.text = String(activity.text);
    return { kind: "shown", id: stream.id };
  }

  return {
    take,
    /** The reader presses "stop". */
    cancel(conversation: string): void {
      for (const stream of streams.values())
        if (stream.conversation === conversation && stream.state === "open") stream.state = "cancelled";
    },
  };
}

function checkOpen(stream: Stream, at: Date): void {
  if (stream.state === "cancelled") notAllowed("Content stream was cancelled by user.");
  if (stream.state === "done") notAllowed("Content stream is completed.");
  if (at.getTime() - stream.begun > LONGEST_MS) notAllowed("Content stream exceeded its time.");
}

function checkShape(activity: Fields, info: Fields): void {
  const { streamType, streamSequence } = info;
  if (!["informative", "streaming", "final"].includes(streamType)) blame(`streamType is ${streamType}`);
  if (streamType === "final") {
    if (activity.type !== "message") blame("a final is a message");
    if (streamSequence !== undefined) blame("a final has no streamSequence");
    return;
  }
  if (activity.type !== "typing") blame("a stream update is typing");
  if (!activity.text) blame("a stream update has text");
  if (!Number.isInteger(streamSequence)) blame("a stream update has a streamSequence");
  if (streamType === "informative" && activity.text.length > INFORMATIVE) blame("an informative update has at most 1000 characters");
  if (activity.attachments?.length || activity.channelData?.feedbackLoop || activity.suggestedActions)
    blame("attachments, thumbs and suggestions come with the end of a stream");
}

function notAllowed(message: string): never {
  throw new Refusal(403, "ContentStreamNotAllowed", { message });
}
