import { expect, test } from "vitest";
import { teamsManifest } from "../../../src/cli/manifest.ts";
import { tools } from "../../../src/tools/index.ts";
import type { Fields } from "../../kit/teams/index.ts";

const manifest = teamsManifest(tools, "https://firstmate.example.com", "00000000-0000-4000-8000-0000000000a1", "0.1.0") as Fields;

test("the app may show pictures from this deployment's own address, and from no other", () => {
  expect(manifest.validDomains).toEqual(["firstmate.example.com"]);
});

test("the bot may read the roster, by which guests are told from members", () => {
  expect(manifest.permissions).toContain("messageTeamMembers");
});

test("the commands in Teams' menu are commands of ours, within its limits", () => {
  const names = tools.flatMap(({ command }) => (command ? [command.name] : []));
  const [list] = manifest.bots[0].commandLists;

  expect(list.commands.length).toBeLessThanOrEqual(12);
  for (const { title, description } of list.commands) {
    expect(names).toContain(title);
    expect(description.length).toBeLessThanOrEqual(128);
  }
});
