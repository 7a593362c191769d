/**
 * Calls `work` every 20 seconds, never twice at once. Gives what stops it. Of the library's own words only its errors are told: it warns
 * of each tick that it leaves out, which is as it should be.
 */
export async function startTicker(work: () => Promise<void>, onFault: (error: unknown) => void): Promise<() => Promise<void>> {
  const { schedule } = await import("node-cron");
  const quiet = () => {};
  const logger = { info: quiet, warn: quiet, debug: quiet, error: (message: string | Error, error?: Error) => onFault(error ?? message) };
  const task = schedule("*/20 * * * * *", work, { noOverlap: true, name: "digests", logger });
  return async () => {
    await task.destroy();
  };
}
