import { formatNumber } from "../../../core/format.ts";
import { listWords } from "../../../core/text.ts";
import { readPages } from "../../http.ts";
import { said } from "../../words.ts";
import type { JiraClient } from "../client.ts";
import type { Issue } from "../issues.ts";
import { type Worklog, worklogAnswer } from "../schema.ts";

const PAGE = 100;

/** " Logged: 6.5 h (Mara Lindqvist 4 h and …)." or nothing. */
export async function timeLogged(client: JiraClient, { key, secondsSpent }: Issue, signal: AbortSignal): Promise<string> {
  if (secondsSpent === undefined || secondsSpent === 0) return "";
  const { value } = await client.http.cached(
    `worklogs of ${key}`,
    async (during) => {
      const { getIssueWorklog } = await client.cloud();
      return readPages<Worklog>(
        async (cursor) => {
          const answer = await getIssueWorklog(client.sdk(during), { issueIdOrKey: key, startAt: Number(cursor ?? 0), maxResults: PAGE });
          const { worklogs, startAt, total } = client.http.parse(answer, worklogAnswer);
          const read = startAt + worklogs.length;
          return { items: worklogs, next: worklogs.length > 0 && read < total ? String(read) : undefined };
        },
        { pages: 10, what: "worklogs" },
      );
    },
    signal,
    { operation: "list worklogs" },
  );
  const hours = (seconds: number) => `${formatNumber(seconds / 3_600)} h`;
  const people = [...Map.groupBy(value.items, ({ author }) => author?.displayName ?? "somebody")]
    .map(([name, logs]) => ({ name, seconds: logs.reduce((sum, { timeSpentSeconds }) => sum + timeSpentSeconds, 0) }))
    .sort((a, b) => b.seconds - a.seconds);
  const by = listWords(
    people.map(({ name, seconds }) => `${said(name)} ${hours(seconds)}`),
    5,
  );
  return ` Logged: ${hours(secondsSpent)}${by ? ` (${by})` : ""}.`;
}
