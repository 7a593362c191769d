import { describe, expect, it } from "vitest";
import { dynatrace } from "../../../src/demo/vendors/dynatrace.ts";
import { createWorld } from "../../../src/demo/world/index.ts";

const world = createWorld("2026-11-21");
const baseUrl = "http://127.0.0.1:4010/dynatrace";
const authorization = `Api-Token ${dynatrace.settings(baseUrl).DYNATRACE_TOKEN}`;
const YEAR = `from=${Date.parse("2026-01-01")}&to=${Date.parse("2026-11-21")}`;

async function ask(address: string, headers: Record<string, string> = { authorization }, method = "GET") {
  const url = new URL(`${baseUrl}/api/v2/${address}`);
  const request = { method, path: url.pathname.slice("/dynatrace".length), query: url.searchParams, headers, baseUrl };
  return dynatrace.handle({ ...request, body: Buffer.alloc(0), now: new Date("2026-11-21T00:00:00Z") }, world);
}

describe("the simulated Dynatrace", () => {
  it("refuses whoever has no token, in its own envelope", async () => {
    expect(await ask("problems", {})).toEqual({ status: 401, body: { error: { code: 401, message: "Missing authorization parameter." } } });
    for (const other of ["Api-Token other", authorization.replace("Api-Token", "Bearer")])
      expect(await ask("problems", { authorization: other })).toMatchObject({
        status: 401,
        body: { error: { message: "Token Authentication failed" } },
      });
  });

  it("has nothing else, and is only read", async () => {
    expect(await ask("hub")).toMatchObject({ status: 404, body: { error: { code: 404 } } });
    expect(await ask("problems/none")).toMatchObject({ status: 404 });
    expect((await ask("problems", undefined, "POST")).status).toBe(405);
  });

  it("says which parameter breaks its rules", async () => {
    for (const [address, path] of [
      ["problems?pageSize=501", "pageSize"],
      ["problems?from=yesterday", "from"],
      [`problems?nextPageKey=x&${YEAR}`, "nextPageKey"],
      ["problems?nextPageKey=x", "nextPageKey"],
      ["metrics/query?metricSelector=builtin:service.response.time:oops", "metricSelector"],
      ["metrics/query?metricSelector=builtin:service.response.time:splitBy():avg&resolution=3w&from=now-1d", "resolution"],
      ["entities?pageSize=10", "entitySelector"],
    ] as const)
      expect(await ask(address), address).toMatchObject({ status: 400, body: { error: { code: 400, constraintViolations: [{ path }] } } });
    expect(await ask("metrics/query?metricSelector=builtin:nothing:splitBy():avg")).toMatchObject({ status: 404 });
  });

  it("gives each problem once over all pages, and its details only when asked for", async () => {
    const ids: string[] = [];
    let address = `problems?${YEAR}&pageSize=7&sort=%2BstartTime`;
    for (;;) {
      const { body } = await ask(address);
      const page = body as { problems: { problemId: string; evidenceDetails?: object }[]; nextPageKey: string | null; totalCount: number };
      ids.push(...page.problems.map(({ problemId }) => problemId));
      expect(page.problems[0]?.evidenceDetails).toBeUndefined();
      if (page.nextPageKey === null) {
        expect(page.totalCount).toBe(ids.length);
        break;
      }
      address = `problems?nextPageKey=${page.nextPageKey}`;
    }

    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await ask(`problems/${ids[0]}?fields=evidenceDetails,impactAnalysis`)).body).toMatchObject({
      evidenceDetails: { totalCount: expect.any(Number) },
    });
  });

  it("puts points at the end of their slots, with gaps for what is not known", async () => {
    const selector = encodeURIComponent('builtin:apps.web.apdex.userType:splitBy("dt.entity.application"):avg:names');
    const { body } = await ask(
      `metrics/query?metricSelector=${selector}&resolution=1d&from=${Date.parse("2026-11-19")}&to=${Date.parse("2026-11-22")}`,
    );
    const { result } = body as {
      result: { data: { timestamps: number[]; values: (number | null)[]; dimensionMap: Record<string, string> }[] }[];
    };

    expect(result[0]?.data).toHaveLength(4);
    for (const { timestamps, values, dimensionMap } of result[0]?.data ?? []) {
      expect(timestamps).toEqual(["2026-11-20", "2026-11-21", "2026-11-22"].map((day) => Date.parse(day)));
      const [first] = world
        .userExperience("2026-11-19")
        .filter(({ application }) => application === dimensionMap["dt.entity.application.name"]);
      expect(values).toEqual([expect.closeTo(first?.apdex ?? -1, 9), expect.any(Number), null]);
    }
  });
});
