import { type DehydratedState, dehydrate, QueryClient } from "@tanstack/react-query";
import { DomainError } from "#lib/contract/errors.ts";
import type { InputOf, QueryId } from "#lib/contract/index.ts";
import { queryKey } from "#lib/contract/query-key.ts";
import type { Caller } from "#lib/core/permit.ts";
import { execute } from "#lib/domain/execute.ts";
import { newId } from "#lib/platform/id.ts";

/** Runs queries in-process while a page is rendered, for what is above the fold. The view asks for the same operation and input. */
export async function prefetch(
  caller: Caller,
  ...wanted: { [Id in QueryId]: { id: Id; input: InputOf<Id> } }[QueryId][]
): Promise<DehydratedState> {
  const client = new QueryClient();
  await Promise.all(
    wanted.map(async ({ id, input }) => {
      try {
        client.setQueryData(queryKey(id, input), await execute(id, input, { caller, requestId: newId("rqt") }));
      } catch (error) {
        // The view asks again and shows the error in its place.
        if (!(error instanceof DomainError)) throw error;
      }
    }),
  );
  return dehydrate(client);
}
