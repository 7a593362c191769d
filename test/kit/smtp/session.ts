import type { Socket } from "node:net";
import type { SmtpFault, TakenMail } from "./index.ts";
import { readMail } from "./mime.ts";

export interface SessionOptions {
  login: { user: string; pass: string } | undefined;
  mostBytes: number;
  fault: SmtpFault | undefined;
  mails: TakenMail[];
  violations: string[];
}

const WORDS: Readonly<Record<number, string>> = {
  421: "4.3.2 Service shutting down",
  450: "4.2.0 Greylisted, try again",
  451: "4.3.0 Try again later",
  452: "4.3.1 Insufficient storage",
  535: "5.7.8 Authentication failed",
  550: "5.1.1 No such user here",
  554: "5.7.1 Rejected as spam",
};
const MOST_LINE = 998;

/** One client, from the greeting to its end. */
export function holdSession(socket: Socket, { login, mostBytes, fault, mails, violations }: SessionOptions): void {
  let inData = false;
  let isIn = login === undefined;
  let from = "";
  let to: string[] = [];
  let buffer = "";
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const refuse = (code: number) => say(`${code} ${WORDS[code]}`);
  /** The number that the fault answers with at this place. */
  const faultAt = (place: string) => (fault?.endsWith(place) && /^\d/.test(fault) ? Number.parseInt(fault, 10) : undefined);

  const commands: Readonly<Record<string, (rest: string) => void>> = {
    EHLO() {
      const lines = ["mail.test", `SIZE ${mostBytes}`, "8BITMIME", "ENHANCEDSTATUSCODES", ...(login ? ["AUTH PLAIN"] : [])];
      for (const line of lines) say(`250-${line}`);
      say("250 HELP");
    },
    AUTH(rest) {
      const [, user, pass] = Buffer.from(rest.replace(/^PLAIN /i, ""), "base64")
        .toString()
        .split("\0");
      isIn = user === login?.user && pass === login?.pass && faultAt("at login") === undefined;
      if (isIn) say("235 2.7.0 Accepted");
      else refuse(535);
    },
    MAIL(rest) {
      const code = faultAt("at sender");
      if (code) return refuse(code);
      if (!isIn) return say("530 5.7.0 Authentication required");
      if (Number(/SIZE=(\d+)/i.exec(rest)?.[1] ?? 0) > mostBytes) return say("552 5.3.4 Message too big");
      from = addressIn(rest, "FROM");
      to = [];
      say("250 2.1.0 Ok");
    },
    RCPT(rest) {
      if (fault === "drop at recipient") return void socket.destroy();
      const code = faultAt("at recipient");
      if (code) return refuse(code);
      to.push(addressIn(rest, "TO"));
      say("250 2.1.5 Ok");
    },
    DATA() {
      const code = faultAt("at data");
      if (code) return refuse(code);
      if (from === "" || to.length === 0) return say("503 5.5.1 Bad sequence");
      inData = true;
      say("354 End data with <CR><LF>.<CR><LF>");
    },
    RSET: () => say("250 2.0.0 Ok"),
    NOOP: () => say("250 2.0.0 Ok"),
    QUIT() {
      say("221 2.0.0 Bye");
      socket.end();
    },
  };

  function addressIn(rest: string, word: string): string {
    const found = new RegExp(`^${word}:<([^<>\\s]*)>`, "i").exec(rest)?.[1];
    if (found === undefined) violations.push(`no address: ${rest}`);
    return found ?? "";
  }

  function take(message: string): void {
    if (fault === "drop at the dot") {
      socket.destroy();
      return;
    }
    const code = faultAt("after the dot");
    if (code) {
      refuse(code);
      return;
    }
    const raw = message.replace(/^\.\./gm, ".");
    violations.push(...faultsOf(raw));
    mails.push({ from, to, raw, ...readMail(raw) });
    if (fault === "taken, then drop") socket.destroy();
    else if (fault !== "taken, then silence") say(`250 2.0.0 Ok: queued as ${mails.length}`);
  }

  /** The next line, or the whole mail; false when it is not here yet. */
  function readNext(): boolean {
    if (inData) return readMessage();
    const end = buffer.indexOf("\r\n");
    if (end < 0) return false;
    const [command = "", ...rest] = buffer.slice(0, end).split(" ");
    buffer = buffer.slice(end + 2);
    const answer = commands[command.toUpperCase()];
    if (!answer) violations.push(`unknown command ${command}`);
    if (answer) answer(rest.join(" "));
    else say("500 5.5.2 Unknown command");
    return true;
  }

  function readMessage(): boolean {
    if (fault === "drop within the mail") socket.destroy();
    const end = `\r\n${buffer}`.indexOf("\r\n.\r\n");
    if (end < 0 || socket.destroyed) return false;
    const message = buffer.slice(0, end);
    buffer = buffer.slice(end + 3);
    inData = false;
    take(message);
    return true;
  }

  socket.on("data", (chunk) => {
    buffer += chunk;
    while (readNext());
  });
  const early = faultAt("at greeting");
  if (fault === "drop at greeting") socket.destroy();
  else if (early) {
    refuse(early);
    socket.end();
  } else say("220 mail.test ESMTP");
}

/** What other servers refuse, or mend in their own way. */
function faultsOf(raw: string): string[] {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
  const missing = ["From", "To", "Date", "Subject", "Message-ID"].filter((name) => !new RegExp(`^${name}: `, "im").test(head));
  return [
    ...(/[^\r]\n|\r[^\n]/.test(raw) ? ["a line that does not end with CR LF"] : []),
    ...(raw.split("\r\n").some((line) => line.length > MOST_LINE) ? ["a line of more than 998 characters"] : []),
    ...(/[\u0080-\u00ff]/.test(head) ? ["a header that is not ASCII"] : []),
    ...missing.map((name) => `no header ${name}`),
  ];
}
