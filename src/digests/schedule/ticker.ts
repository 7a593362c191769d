/** Calls `work` every 20 seconds, never twice at once. Gives what stops it. */
export async function startTicker(work: () => Promise<void>): Promise<() => Promise<void>> {
  const { schedule } = await import("node-cron");
  const task = schedule("*/20 * * * * *", work, { noOverlap: true, name: "digests" });
  return async () => {
    await task.destroy();
  };
}
