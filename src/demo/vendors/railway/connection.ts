import { GraphQLError } from "graphql";

export interface PageArguments {
  first?: number | null;
  after?: string | null;
}

const USUAL = 100;
const MOST = 500;

/** A page of the list: edges with their cursors. */
export function connection<T extends { id: string }>(items: readonly T[], { first, after }: PageArguments) {
  const size = first ?? USUAL;
  if (size < 1 || size > MOST) throw new GraphQLError(`first must be between 1 and ${MOST}`);
  const before = after ? items.findIndex(({ id }) => cursorOf(id) === after) : -1;
  if (after && before < 0) throw new GraphQLError("Invalid cursor");
  const page = items.slice(before + 1, before + 1 + size);
  const [start, end] = [page[0], page.at(-1)];
  return {
    edges: page.map((node) => ({ cursor: cursorOf(node.id), node })),
    pageInfo: {
      ...{ hasNextPage: before + 1 + size < items.length, hasPreviousPage: before >= 0 },
      ...{ startCursor: start ? cursorOf(start.id) : null, endCursor: end ? cursorOf(end.id) : null },
    },
  };
}

function cursorOf(id: string): string {
  return Buffer.from(`cursor:${id}`).toString("base64");
}
