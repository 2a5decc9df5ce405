import type { InputOf, QueryId } from "#lib/contract/index.ts";

/** The cache key of a query, derived from the operation: noun, verb, input. Nobody invents another. */
export function queryKey<Id extends QueryId>(id: Id, input: InputOf<Id>): readonly unknown[] {
  const [noun, verb] = id.split(".");
  return [noun, verb, input];
}
