/** Never twice at once: whoever calls meanwhile waits for the run under way, and one more follows it. */
export function singly(work: (signal: AbortSignal) => Promise<void>, onFault: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let again = false;
  async function loop(signal: AbortSignal): Promise<void> {
    do {
      again = false;
      await work(signal).catch((error) => {
        if (!signal.aborted) onFault(error);
      });
    } while (again && !signal.aborted);
  }
  return {
    run(signal: AbortSignal): Promise<void> {
      again = running !== undefined;
      running ??= loop(signal).finally(() => {
        running = undefined;
      });
      return running;
    },
    idle: async () => running,
  };
}
