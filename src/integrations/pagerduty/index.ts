import { z } from "zod";
import { formatNumber } from "../../core/format.ts";
import type { CheckResult } from "../../core/integration.ts";
import { defineIntegration } from "../../core/integration.ts";
import { explainError, VendorError } from "../../errors.ts";
import { createVendorHttp, type VendorHttp } from "../http.ts";
import { incidentFeed } from "./feed.ts";
import { servicesPage } from "./schema.ts";

/** Incidents as those on call knew them. */
export const pagerduty = defineIntegration({
  name: "pagerduty",
  title: "PagerDuty",
  topics: ["PagerDuty", "incidents", "pages", "on call"],
  kinds: ["incidents"],
  settings: z.object({
    PAGERDUTY_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("A read-only REST API key of the account, or a user's own: PagerDuty, Integrations, API Access Keys."),
    PAGERDUTY_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://api.pagerduty.com")
      .describe("Only for accounts in Europe: https://api.eu.pagerduty.com."),
  }),
  requires: ["PAGERDUTY_TOKEN"],

  async connect({ PAGERDUTY_TOKEN, PAGERDUTY_URL }, context) {
    const http = discreet(
      PAGERDUTY_TOKEN,
      createVendorHttp({
        vendor: "PagerDuty",
        baseUrl: PAGERDUTY_URL.replace(/\/+$/, ""),
        context,
        credentials: "PAGERDUTY_TOKEN",
        address: "PAGERDUTY_URL",
        permissions: "to read incidents and services",
        headers: { authorization: `Token token=${PAGERDUTY_TOKEN}`, accept: "application/vnd.pagerduty+json;version=2" },
      }),
    );
    return {
      tools: [],
      feeds: [incidentFeed(http, context.now)],
      check: (signal) => check(http, signal),
      close: () => http.close(),
    };
  },
});

/** The way out keeps a token out of errors that follows a scheme's name; PagerDuty's follows "token=". */
function discreet(token: string, http: VendorHttp): VendorHttp {
  const json: VendorHttp["json"] = async (request, schema, signal) => {
    try {
      return await http.json(request, schema, signal);
    } catch (error) {
      if (!(error instanceof VendorError) || !error.detail.includes(token)) throw error;
      throw new VendorError("PagerDuty", error.message, {
        detail: error.detail.replaceAll(token, "…"),
        ...(error.status === undefined ? {} : { status: error.status }),
      });
    }
  };
  return { ...http, json };
}

async function check(http: VendorHttp, signal: AbortSignal): Promise<CheckResult[]> {
  const name = "PagerDuty";
  try {
    const request = { path: "services", query: { limit: 1, total: true }, operation: "list services" };
    const { total } = await http.json(request, servicesPage, signal);
    if (total === 0)
      return [
        {
          name,
          state: "warning",
          message: "The key sees no service.",
          fix: "Give PAGERDUTY_TOKEN's user access to the teams whose incidents you want.",
        },
      ];
    return [{ name, state: "ok", message: `The key reads the incidents of ${formatNumber(total ?? 1)} services` }];
  } catch (error) {
    const isRefused = error instanceof VendorError && (error.status === 401 || error.status === 403);
    const fix = isRefused
      ? "Make a read-only key in PagerDuty (Integrations, API Access Keys) and put it into PAGERDUTY_TOKEN; for an account in Europe set PAGERDUTY_URL to https://api.eu.pagerduty.com."
      : "Check PAGERDUTY_URL and the network, then run doctor again.";
    return [{ name, state: "failed", message: explainError(error), fix }];
  }
}
