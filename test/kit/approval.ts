/** A write that waits for a yes, as a card. */
export const APPROVAL = {
  type: "approval" as const,
  id: "7f3a1c",
  title: "Create a Bug in WEB",
  lines: ["Summary: Till"],
  expiresAt: new Date("2030-01-01T00:00:00Z"),
};
