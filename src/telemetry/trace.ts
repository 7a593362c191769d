/** Spans from a chat's event to a vendor's call. Without a tracer everything here only runs the work. */

export interface SpanStart {
  /** From a fixed set, but for the name of a tool or the model: "execute_tool get_costs". */
  name: string;
  kind?: "server" | "client" | "internal";
  attributes?: Attributes;
}

/** Never a message's text, a tool's arguments or its results. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  set(attributes: Attributes): void;
  /** Spans begun in the work are its children. */
  run<T>(work: () => T): T;
  end(failed?: boolean): void;
}

export interface Tracer {
  start(start: SpanStart): Span;
  /** One that is over, and how long it took. */
  record(start: SpanStart, ms: number, failed: boolean): void;
}

const IDLE: Span = { set() {}, run: (work) => work(), end() {} };
let tracer: Tracer | undefined;

/** From now on spans go there; undefined turns it off. */
export function traceWith(given: Tracer | undefined): void {
  tracer = given;
}

export function startSpan(start: SpanStart): Span {
  return tracer?.start(start) ?? IDLE;
}

export function recordSpan(start: SpanStart, ms: number, failed: boolean): void {
  tracer?.record(start, ms, failed);
}

export async function inSpan<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  const span = startSpan(start);
  try {
    const result = await span.run(() => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end(true);
    throw error;
  }
}

/** Every step of the generator runs in the span, which ends with it. */
export async function* throughSpan<T>(
  start: SpanStart,
  make: () => AsyncIterable<T>,
  look: (value: T, span: Span) => void,
): AsyncIterable<T> {
  const span = startSpan(start);
  let failed = false;
  const steps = span.run(() => make()[Symbol.asyncIterator]());
  try {
    for (;;) {
      const next = await span.run(() => steps.next());
      if (next.done) break;
      look(next.value, span);
      yield next.value;
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    await span.run(() => steps.return?.());
    span.end(failed);
  }
}
