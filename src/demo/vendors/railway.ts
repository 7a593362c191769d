import type { SimulatedRequest, Simulator } from "../simulator.ts";

const TOKEN = "railway-workspace-token-demo";

/** Railway's public API: GraphQL at one address, over the company's small web services. */
export const railway: Simulator = {
  name: "railway",
  settings: (baseUrl) => ({ RAILWAY_TOKEN: TOKEN, RAILWAY_API_URL: `${baseUrl}/graphql/v2` }),

  async handle(request, world) {
    const headers = limitHeaders(request);
    if (request.path !== "/graphql/v2") return { status: 404, headers, body: { message: "Not Found" } };
    if (request.method !== "POST") return { status: 405, headers, body: { message: "Method Not Allowed" } };
    // Railway refuses with status 200.
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return {
        ...{ status: 200, headers },
        body: { data: null, errors: [{ message: "Not Authorized", extensions: { code: "INTERNAL_SERVER_ERROR" } }] },
      };
    const { answerGraphql } = await import("./railway/graphql.ts");
    return { headers, ...(await answerGraphql(request, world)) };
  },
};

/** Per hour, as of the Pro plan. */
function limitHeaders({ now }: SimulatedRequest): Record<string, string> {
  const reset = new Date(Math.ceil(now.getTime() / 3_600_000) * 3_600_000).toISOString();
  return { "x-ratelimit-limit": "10000", "x-ratelimit-remaining": "9981", "x-ratelimit-reset": reset };
}
