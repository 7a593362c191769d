import { GraphQLError } from "graphql";

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
}

export interface Page<T> {
  nodes: readonly T[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const MOST = 100;

/** A page of a list as GitHub gives it: `first` is required, 100 at most; cursors count from the list's beginning. */
export function connection<T>(name: string, all: readonly T[], { first, last, after }: PageArguments): Page<T> {
  const size = first ?? last;
  if (size === undefined || size === null)
    throw refusal(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  if (size < 0 || size > MOST)
    throw refusal(
      "EXCESSIVE_PAGINATION",
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  const begin = after ? positionOf(after) : 0;
  const nodes = all.slice(begin, begin + size);
  const end = begin + nodes.length;
  return {
    nodes,
    totalCount: all.length,
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: begin > 0,
      startCursor: nodes.length > 0 ? cursorOf(begin + 1) : null,
      endCursor: nodes.length > 0 ? cursorOf(end) : null,
    },
  };
}

/** An error with the type GitHub puts beside its message. */
export function refusal(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString("base64");
}

function positionOf(cursor: string): number {
  const position = Number(/^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1]);
  if (!Number.isInteger(position)) throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  return position;
}
