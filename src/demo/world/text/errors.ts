/** Error classes and messages by language: four of every day, the fifth belongs to incidents. */
export const ERRORS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  Go: [
    ["context.DeadlineExceeded", "context deadline exceeded"],
    ["pq.Error", "could not serialize access due to concurrent update"],
    ["net.OpError", "connection reset by peer"],
    ["validation.Error", "slot is in the past"],
    ["pool.Exhausted", "no connection became free in time"],
  ],
  Kotlin: [
    ["TimeoutCancellationException", "Timed out waiting for 5000 ms"],
    ["OptimisticLockException", "Row was changed by another transaction"],
    ["NullPointerException", "berth.window must not be null"],
    ["HttpStatusException", "502 from vessel-feed"],
    ["IllegalStateException", "tide table is not loaded"],
  ],
  Java: [
    ["SocketTimeoutException", "Read timed out"],
    ["ConstraintViolationException", "duplicate key value violates unique constraint"],
    ["IllegalArgumentException", "unknown unit of measure"],
    ["AccessDeniedException", "stock of another owner"],
    ["LockTimeoutException", "could not obtain lock on stock row"],
  ],
  TypeScript: [
    ["TypeError", "Cannot read properties of undefined (reading 'slots')"],
    ["ChunkLoadError", "Loading chunk 12 failed"],
    ["AbortError", "The user aborted a request"],
    ["MediaError", "The media could not be decoded"],
    ["NetworkError", "Failed to fetch"],
  ],
  Python: [
    ["ReadTimeout", "HTTPSConnectionPool: Read timed out"],
    ["ValidationError", "1 validation error for Position"],
    ["KeyError", "'imo'"],
    ["RateLimitError", "429 from the model"],
    ["MemoryError", "worker was stopped"],
  ],
  Rust: [
    ["io::Error", "broken pipe"],
    ["DecodeError", "unexpected end of stream"],
    ["Elapsed", "deadline has elapsed"],
    ["ParseError", "bad segment header"],
    ["PoolError", "all encoders are busy"],
  ],
};
