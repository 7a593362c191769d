import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // How long an awaited event may take on a busy machine; it says nothing about speed.
    expect: { poll: { timeout: 15_000 } },
  },
});
