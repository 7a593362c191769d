import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { seededRandom } from "../kit/random.ts";

/** A platform that takes posts over HTTP, and refuses or loses its answer to some. It can be looked at, as Slack can. */
export interface SoakPlatform {
  url: string;
  /** Key → how many posts with it stand. */
  posts: ReadonlyMap<string, number>;
  /** interrupted: posts whose sender was gone before it had our answer. */
  injected: { refused: number; afterAccept: number; interrupted: number };
  close(): Promise<void>;
}

export async function startPlatform(options: {
  refuse: number;
  loseAnswer: number;
  seed?: number;
  slowMs?: number;
}): Promise<SoakPlatform> {
  const { refuse, loseAnswer, seed = 7, slowMs = 15 } = options;
  const random = seededRandom(seed);
  const posts = new Map<string, number>();
  const injected = { refused: 0, afterAccept: 0, interrupted: 0 };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const key = searchParams.get("key") ?? "";
    if (pathname === "/look") return void response.end(String(posts.get(key) ?? 0));
    let isLost = false;
    response.on("close", () => {
      if (!response.writableFinished && !isLost) injected.interrupted += 1;
    });
    setTimeout(() => {
      if (random() < refuse) {
        injected.refused += 1;
        response.statusCode = 429;
        return void response.end();
      }
      posts.set(key, (posts.get(key) ?? 0) + 1);
      if (random() < loseAnswer) {
        injected.afterAccept += 1;
        isLost = true;
        return void request.socket.destroy();
      }
      response.end("ok");
    }, random() * slowMs);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    injected,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
