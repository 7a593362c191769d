import type { Digest, DigestOrder, DigestPart } from "../core/digest.ts";
import { closest, listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";
import type { CatchUp, SubscriptionOptions } from "../records/digest-subscriptions.ts";
import { type ParsedSchedule, parseSchedule } from "./schedule/parse.ts";
import { saysTime } from "./schedule/times.ts";

export interface DigestRequest extends SubscriptionOptions {
  digest: Digest;
  schedule: ParsedSchedule;
  /** "#finops", when another place than this one was named. */
  place?: string;
  /** "finance@example.com" or "webhook:n8n", when it goes outside of chats. */
  outside?: string;
}

const USAGE = "`/digest add NAME WHEN`, for example `/digest add cost every weekday at 9 in Berlin`";
const CATCH_UP: readonly CatchUp[] = ["late", "latest", "skip"];

/**
 * What someone wants, from their words: a digest's name, when, and in any order `budget 20000`, `where service=Amazon EC2`,
 * `only when something moved`, `catch up late|latest|skip`, `titled "…"`, `in #channel`, `to finance@example.com`, `to webhook n8n`, `with TOOL key=value …; TOOL …`. Throws UserError.
 */
export function readRequest(words: string, digests: readonly Digest[]): DigestRequest {
  const said = words.trim();
  const { digest, after } = takeDigest(said, digests);
  let rest = ` ${after} `;
  const take = (pattern: RegExp) => {
    const match = pattern.exec(rest);
    if (match) rest = rest.replace(match[0], " ");
    return match?.[1]?.trim();
  };
  // Where to, before the parts: they take all that is left.
  const mail = take(/\s(?:(?:by|as) e?-?mail )?to\s+<?(?:mailto:)?([^\s<>@,;|]+@[^\s<>@,;|]+)(?:\|[^\s>]*)?>?(?=[\s,])/i);
  const hook = take(/\sto\s+(?:the\s+)?webhook[\s:]+([\w-]{1,40})/i);
  const outside = mail ?? (hook === undefined ? undefined : `webhook:${hook}`);
  const placeAtEnd = take(/\s(?:in|to)\s+(#[\w-]{1,80})\s*$/i);
  const parts = partsOf(take(/\swith\s+(.+)$/is));
  const title = take(/\s(?:titled|called)\s+["“]([^"”]{1,80})["”]/i);
  const filter = filterOf(
    take(/\swhere\s+((?:[\w ]+=(?:"[^"]*"|[^,]*?)(?:,\s*|\s+and\s+)?)+?)(?=\s(?:budget|only|catch|in #|at|every|daily)\b|\s*$)/i),
  );
  const budget = take(/\sbudget\s+(?:of\s+)?[$€£]?\s*([\d.,]+\s*[km]?)\b/i);
  const quiet = take(/\s((?:only )?(?:when|if) (?:something|anything) (?:moved|moves|changed|changes)|silent when quiet)/i);
  const catchUp = take(/\scatch[- ]?up\s+(\w+)/i);
  const place = placeAtEnd ?? take(/\s(?:in |to )?(#[\w-]{1,80})/i);
  rest = rest.replace(/[,\s]+(?:in this channel|in this chat|here)\b/i, " ");
  return {
    digest,
    schedule: parseSchedule(saysTime(rest) ? rest : `${rest.trim() || "every day"} at 9`),
    order: {
      ...(filter ? { filter } : {}),
      ...(budget ? { budget: amountOf(budget) } : {}),
      ...(parts ? { parts } : {}),
      ...(title ? { title } : {}),
    },
    whenQuiet: quiet ? "nothing" : "line",
    catchUp: catchUp === undefined ? "latest" : catchUpOf(catchUp),
    except: [],
    ...(place ? { place } : {}),
    ...(outside ? { outside } : {}),
  };
}

/** "cost …", and what people put around the name: "the daily cost digest …". */
function takeDigest(said: string, digests: readonly Digest[]): { digest: Digest; after: string } {
  const [, often = "", plain = ""] = /^(?:(?:the|a|an|our|my)\s+)?((?:(?:daily|weekly|monthly|quarterly)\s+)?)([\s\S]*)$/i.exec(said) ?? [];
  for (const digest of digests) {
    const named = new RegExp(`^${digest.name.replace("-", "[-_ ]")}s?(?:\\s+(?:digest|report|summary))?(?=\\s|$)`, "i").exec(plain);
    if (named) return { digest, after: `${often}${plain.slice(named[0].length)}` };
  }
  const [name = ""] = plain.split(/\s+/);
  return { digest: digestCalled(name, digests), after: `${often}${plain.slice(name.length)}` };
}

function digestCalled(name: string, digests: readonly Digest[]): Digest {
  const plain = name.toLowerCase().replaceAll("_", "-").replace(/s$/, "");
  const found = digests.find((digest) => digest.name === plain || digest.name === name.toLowerCase());
  if (found) return found;
  const names = digests.map((digest) => digest.name);
  const near = closest(plain, names);
  throw new UserError(
    `${name ? `There is no digest “${name.slice(0, 40)}”.` : "Which digest?"}${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(names)}: ${USAGE}.`,
    { path: "digest" },
  );
}

function catchUpOf(said: string): CatchUp {
  const found = CATCH_UP.find((policy) => policy === said.toLowerCase());
  if (found) return found;
  throw new UserError(`Catch up ${CATCH_UP.join(", ")}: each missed one late, the newest alone, or none.`, { path: "catch_up" });
}

function amountOf(said: string): number {
  const match = /^([\d.,]+?)\s*([km])?$/i.exec(said);
  const plain = (match?.[1] ?? "").replace(/,(?=\d{3})/g, "").replace(",", ".");
  const amount = Number(plain) * ({ k: 1e3, m: 1e6 }[(match?.[2] ?? "").toLowerCase()] ?? 1);
  if (amount > 0 && Number.isFinite(amount)) return amount;
  throw new UserError(`“${said}” is no amount. Write budget 20000.`, { path: "budget" });
}

function filterOf(said: string | undefined): DigestOrder["filter"] {
  if (said === undefined) return undefined;
  const pairs = said
    .split(/,\s*|\s+and\s+/)
    .map((pair) => /^\s*([\w ]+?)\s*=\s*"?([^"]*?)"?\s*$/.exec(pair))
    .filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}

/** "get_costs by=service period="last week"; list_incidents" */
function partsOf(said: string | undefined): DigestPart[] | undefined {
  if (said === undefined) return undefined;
  return said
    .split(";")
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [tool = ""] = part.split(/\s+/);
      const fields = [...part.slice(tool.length).matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)];
      const input = Object.fromEntries(fields.map(([, name = "", quoted, plain]) => [name, fieldValue(quoted ?? plain ?? "")]));
      return { tool: tool.replaceAll("-", "_"), ...(fields.length ? { input } : {}) };
    });
}

function fieldValue(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}
