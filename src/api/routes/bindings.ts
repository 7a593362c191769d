import { z } from "zod";
import { HttpError, type HttpRequest, type Route } from "../../core/http.ts";
import { sightOf } from "../../identity/sight.ts";
import type { Binding } from "../../records/bindings.ts";
import { line } from "../../records/fields.ts";
import { projects } from "../../records/projects.ts";
import type { ApiContext } from "../context.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";
import { missing } from "./records.ts";

const input = z.strictObject({
  place: line(400).describe("The channel or conversation, as Firstmate names it: “slack:T1:C2”. Its threads are meant too."),
});
const shown = z.object({ place: z.string(), project: z.string(), boundBy: z.string(), boundAt: z.iso.datetime() });

/** Places people talk in that are about one project. */
export function bindingRoutes({ records, bindings }: Pick<ApiContext, "records" | "bindings">): Route[] {
  const path = `/api/v1/${projects.name}/{id}/bindings`;
  const tag = projects.name;
  const projectOf = async (request: HttpRequest) => {
    const found = await records.get(projects, request.params.id ?? "", sightOf(userOf(request)));
    if (!found) throw missing(projects);
    return found;
  };
  return [
    {
      ...{ method: "GET", path, access: "viewer", keyed: true, projectKeys: true },
      docs: { summary: "The places bound to a project", tag, response: { type: "array", items: z.toJSONSchema(shown) } },
      handle: async (request) => ({ status: 200, data: (await bindings.list((await projectOf(request)).id)).map(toWire) }),
    },
    {
      ...{ method: "POST", path, access: "analyst", keyed: true, projectKeys: true },
      docs: {
        summary: "Bind a place to a project; a binding before is replaced",
        tag,
        body: z.toJSONSchema(input),
        response: z.toJSONSchema(shown),
        status: 201,
      },
      async handle(request) {
        const { id } = await projectOf(request);
        const { place } = validate(input, request.json());
        await refuseForeign(place, request);
        if ((await bindings.bind(place, id, userOf(request).id)) === "missing")
          throw new HttpError(409, "This project is archived. Restore it first.");
        const made = (await bindings.list(id)).find((one) => one.place === place);
        if (!made) throw missing(projects);
        return { status: 201, data: toWire(made) };
      },
    },
    {
      ...{ method: "DELETE", path: `${path}/{place}`, access: "analyst", keyed: true, projectKeys: true },
      docs: { summary: "Undo the binding of a place", tag, response: z.toJSONSchema(shown) },
      async handle(request) {
        const { id } = await projectOf(request);
        const { place = "" } = request.params;
        const bound = (await bindings.list(id)).find((one) => one.place === place);
        if (!bound) throw new HttpError(404, "This place is not bound to the project.");
        await bindings.unbind(place, userOf(request).id);
        return { status: 200, data: toWire(bound) };
      },
    },
  ];

  /** A place of a project that the caller does not see stays what it is. */
  async function refuseForeign(place: string, request: HttpRequest): Promise<void> {
    const before = await bindings.boundTo(place);
    if (before === null || (await records.get(projects, before, sightOf(userOf(request))))) return;
    throw new HttpError(409, "This place is bound to another project already.");
  }
}

function toWire({ boundAt, ...rest }: Binding) {
  return { ...rest, boundAt: boundAt.toISOString() };
}
