import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";

/** The usual way to take events, without a framework: each is an insert of its own, and its commit waits for the disk. Prints the ready line with its address. */
const [file = ""] = process.argv.slice(2);

const database = new DatabaseSync(file);
database.exec("pragma journal_mode = wal; pragma synchronous = full");
database.exec("create table events (agent text, id text, at text, type text, body text, primary key (agent, id)) strict");
const insert = database.prepare("insert into events values (?, ?, ?, ?, ?) on conflict do nothing");

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { events } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { events: { id: string; timestamp: string; type: string }[] };
    for (const event of events) insert.run("bench", event.id, event.timestamp, event.type, JSON.stringify(event));
    const body = JSON.stringify({ data: { accepted: events.length } });
    response.writeHead(202, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "ready", url: `http://127.0.0.1:${port}` })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
