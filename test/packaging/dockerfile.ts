import { readFileSync } from "node:fs";

export const dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8");
export const lastStage = dockerfile.split(/^FROM .+-slim$/m)[1] ?? "";

/** Sources of the COPY lines that take from the build context. */
export function copied(stage: string): string[] {
  const lines = [...stage.matchAll(/^COPY (?!--from)(.+)$/gm)].map((match) => (match[1] ?? "").split(" "));
  return lines.flatMap((words) => words.slice(0, -1));
}

export function copiedInLastStage(): string[] {
  return copied(lastStage);
}
