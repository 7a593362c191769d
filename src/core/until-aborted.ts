/**
 * The work's outcome, or a rejection as soon as `signal` aborts: work that ignores the signal holds nobody up, and runs on unheard.
 * Rejects with the signal's reason unless another is given. Leaves no listener behind: a signal may outlive the work by far.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal, reason: () => unknown = () => signal.reason): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(reason());
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
