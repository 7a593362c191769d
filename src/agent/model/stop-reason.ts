/** Why a message ended, in Anthropic's words, whoever made it. Absent when the stream ended before the message did. */
export function stopReasonOf(message: {
  additional_kwargs: object;
  response_metadata?: object;
  tool_calls?: readonly unknown[];
}): string | undefined {
  const own = fieldsOf(message.additional_kwargs).stop_reason;
  if (typeof own === "string") return own;
  const about = fieldsOf(message.response_metadata);
  const said = [
    about.stop_reason,
    about.finish_reason,
    about.stopReason,
    about.done_reason,
    about.finishReason,
    fieldsOf(about.messageStop).stopReason,
  ].find((reason) => typeof reason === "string");
  return typeof said === "string" ? (MEANING[said.toLowerCase()] ?? said) : undefined;
}

const MEANING: Readonly<Record<string, string>> = {
  stop: "end_turn",
  tool_calls: "tool_use",
  function_call: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
  safety: "refusal",
  guardrail_intervened: "refusal",
};

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
