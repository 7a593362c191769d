import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

/** What firstmate.yaml has wrong is told, and ends the start: nothing stays behind that looks as if it served. */

let dataDir: string;
beforeEach(async () => {
  dataDir = await temporaryFolder();
});
afterEach(() => remove(dataDir));

it.each([
  [
    "digests",
    'digests:\n  - { digest: cost, schedule: "daily at 9 in Berln", channel: slack, conversation: "slack:T1:C1" }\n',
    "Did you mean Europe/Berlin?",
  ],
  ["alerts", 'alert_routes:\n  - { to: "pigeon:oncall" }\n', "must be a place, like slack:T0123:C0456"],
  ["mail", 'alert_routes:\n  - { to: "email:eve@evil.example" }\n', "Mail may not go to eve@evil.example: MAIL_ALLOWED has example.com."],
])(
  "of %s",
  async (_, file, says) => {
    await writeFile(join(dataDir, "firstmate.yaml"), file);
    const env = { PORT: "0", SMTP_URL: "smtp://127.0.0.1:9", MAIL_FROM: "bot@example.com", MAIL_ALLOWED: "example.com" };

    const { code, out, err } = await firstmate(["serve"], { dataDir, env });

    expect([code, out.includes('"msg":"ready"')]).toEqual([1, false]);
    expect(err).toContain(says);
  },
  60_000,
);
