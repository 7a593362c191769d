import { schema as published } from "@octokit/graphql-schema";
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from "graphql";
import { describe, expect, it } from "vitest";
import { SDL } from "../../../src/demo/vendors/github/sdl.ts";
import * as queries from "../../../src/integrations/github/queries.ts";

/** Two of its fields are defined twice, which is theirs to mend. */
const real = buildSchema(published.idl, { assumeValidSDL: true });
const ours = buildSchema(SDL);

const documents = Object.entries(queries).flatMap(([name, value]) =>
  "text" in value ? [[name, value.text] as const] : Object.entries(value).map(([part, { text }]) => [`${name}.${part}`, text] as const),
);

describe("the documents sent to GitHub", () => {
  it.each(documents)("%s is a query of the published schema, and of the simulated one", (_, text) => {
    const document = parse(text);

    expect(validate(real, document).map(({ message }) => message)).toEqual([]);
    expect(validate(ours, document).map(({ message }) => message)).toEqual([]);
    expect(document.definitions.filter((d) => d.kind === "OperationDefinition").map((d) => d.operation)).toEqual(["query"]);
  });

  it("are all looked at", () => {
    expect(documents.length).toBeGreaterThanOrEqual(10);
  });
});

describe("the simulated schema", () => {
  it("has nothing that the published one has not, in the same types", () => {
    expect(differences(ours, real)).toEqual([]);
  });

  it("would be caught with a field too many or of another type", () => {
    const wrong = buildSchema(`type Query { viewer: String! nothing: Int search(first: Int!): ID } enum SearchType { ISSUE OTHER }`);

    expect(differences(wrong, real)).toHaveLength(5);
  });
});

/** What `part` has and `whole` has not, in words. */
function differences(part: GraphQLSchema, whole: GraphQLSchema): string[] {
  return Object.values(part.getTypeMap())
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) => {
      const other = whole.getType(type.name);
      const missing = namesIn(type).filter((name) => !other || !namesIn(other).includes(name));
      return missing.map((name) => `${type.name}: ${name}`);
    });
}

/** All that a type consists of: fields with their arguments and types, values, members. */
function namesIn(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [type.name];
  return Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${field.type}`,
    ...field.args.map((argument) => `${field.name}(${argument.name}: ${argument.type})`),
  ]);
}
