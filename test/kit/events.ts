/** Server-sent events of an answer, for tests. */
export interface AnswerEvent {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events are read by tests that check their shape
  data: any;
}

export function readEvents(text: string): AnswerEvent[] {
  return text
    .split("\n\n")
    .filter((part) => part !== "")
    .map((part) => {
      const [, event = "", data = ""] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
      return { event, data: JSON.parse(data) };
    });
}
