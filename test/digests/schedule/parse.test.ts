import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../src/digests/schedule/parse.ts";
import { UserError } from "../../../src/errors.ts";

describe("a schedule in words", () => {
  it.each([
    ["every weekday at 9 in Berlin", "0 9 * * 1-5", "Europe/Berlin"],
    ["every weekday at 9 in Berlin, in this channel", "0 9 * * 1-5", "Europe/Berlin"],
    ["daily 09:00 Europe/Berlin", "0 9 * * *", "Europe/Berlin"],
    ["daily 9am", "0 9 * * *", undefined],
    ["9:00", "0 9 * * *", undefined],
    ["at 17:30 every day UTC", "30 17 * * *", "UTC"],
    ["noon every day", "0 12 * * *", undefined],
    ["mondays at 8:30", "30 8 * * 1", undefined],
    ["every monday and thursday at 7pm", "0 19 * * 1,4", undefined],
    ["mon-fri 9:00 America/New_York", "0 9 * * 1-5", "America/New_York"],
    ["tuesdays 8h30 in New York", "30 8 * * 2", "America/New_York"],
    ["weekly on friday at 16:00", "0 16 * * 5", undefined],
    ["weekends at 10", "0 10 * * 0,6", undefined],
    ["monthly on the 1st at 9", "0 9 1 * *", undefined],
    ["on the last day of the month at 17:00", "0 17 L * *", undefined],
    ["weekdays 08:00 Asia/Calcutta", "0 8 * * 1-5", "Asia/Calcutta"],
    ["on the first Monday of the month at 10 in New York", "0 10 * * 1#1", "America/New_York"],
    ["last friday of every month at 16:00", "0 16 * * 5#L", undefined],
    ["monthly on the 2nd tuesday at 9", "0 9 * * 2#2", undefined],
    ["each morning at half past eight", "30 8 * * *", undefined],
    ["monday mornings at quarter to nine", "45 8 * * 1", undefined],
    ["every evening at six", "0 18 * * *", undefined],
    ["from monday to thursday at 9am New York time", "0 9 * * 1,2,3,4", "America/New_York"],
    ["each workday at 9:15 PST", "15 9 * * 1-5", "America/Los_Angeles"],
    ["mondays at 9 in São Paulo", "0 9 * * 1", "America/Sao_Paulo"],
    ["every day except sunday at 9", "0 9 * * 1,2,3,4,5,6", undefined],
    ["every quarter at 9", "0 9 1 1,4,7,10 *", undefined],
    ["0 9 29 2 *", "0 9 29 2 *", undefined],
    ["0 9 * * 1-5", "0 9 * * 1-5", undefined],
    ["30 7 1,15 * * Europe/Paris", "30 7 1,15 * *", "Europe/Paris"],
  ])("is understood: %s", (said, pattern, timeZone) => {
    const parsed = parseSchedule(said);

    expect([parsed.pattern, parsed.timeZone]).toEqual([pattern, timeZone]);
  });

  it("may leave out days", () => {
    expect(parseSchedule("every day at 9 except 12-25, 2026-12-31").except).toEqual(["12-25", "2026-12-31"]);
  });

  it.each([
    ["daily 09:00 Europe/Berln", /no time zone “Europe\/Berln”. Did you mean Europe\/Berlin/],
    ["every weekday at 9 in Berln", /Did you mean Europe\/Berlin/],
    ["daily 09:00 Mars/Phobos", /no time zone “Mars\/Phobos”/],
    ["daily", /At what time/],
    ["every day at 25:00", /no time of day/],
    ["daily 13pm", /no time of day/],
    ["sometimes at 9", /do not understand “sometimes at 9”/],
    ["every 31st at 9", /Not every month has a 31/],
    ["every day at 9 except 02-30", /no day 02-30/],
    ["*/5 * * * *", /more often than every 15 minutes/],
    ["0 25 * * *", /cron pattern of five fields/],
    ["0 9 31 2 *", /a day that never comes/],
    ["every 2 hours", /do not understand “every 2 hours”/],
    ["every weekday at 9 except on holidays", /Name the days: except 12-25/],
  ])("is refused in words that help: %s", (said, why) => {
    expect(() => parseSchedule(said)).toThrow(UserError);
    expect(() => parseSchedule(said)).toThrow(why);
  });
});
