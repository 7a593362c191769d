import type { Client } from "./client.ts";
import { fieldsOf, listOf, text } from "./parse.ts";

const PAGE = 200;
const MOST_PAGES = 10;

/** The conversation of a channel by its name ("#finops"), of those the app is in; undefined when it sees none, or may not look. */
export async function findRoom(client: Client, name: string, beside: string): Promise<string | undefined> {
  const wanted = name.replace(/^#/, "").toLowerCase();
  const [, team = ""] = beside.split(":");
  let cursor = "";
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const options = { types: "public_channel,private_channel", exclude_archived: true, limit: PAGE, ...(cursor ? { cursor } : {}) };
      const { channels, response_metadata } = await client.users.conversations(options);
      const found = listOf(channels)
        .map(fieldsOf)
        .find((room) => text(room.name).toLowerCase() === wanted);
      if (found) return `slack:${team}:${text(found.id)}`;
      cursor = response_metadata?.next_cursor ?? "";
      if (!cursor) return undefined;
    }
  } catch {
    // Without the scope, or while Slack is out of reach, nothing is found: the person is told where to say it instead.
  }
  return undefined;
}
