import { github } from "../../../src/integrations/github/index.ts";
import { type Connect, startVendor } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";

export function connectGithub(settings: Readonly<Record<string, string>> = {}): Connect {
  return async (baseUrl, context) => {
    const given = { GITHUB_TOKEN: "token-for-a-test", GITHUB_ORG: "acme", GITHUB_API_URL: baseUrl, ...settings };
    return github.connect(github.settings.parse(given), context);
  };
}

/** A scripted GitHub and our connection to it, both closed at the end of the test. */
export const startGithub = (routes: Routes, settings?: Readonly<Record<string, string>>) => startVendor(connectGithub(settings), routes);
