"use client";
import {
  infiniteQueryOptions,
  queryOptions,
  type UseMutationOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type ApiError, call } from "#lib/client/call.ts";
import type { InputOf, MutationId, OutputOf, QueryId } from "#lib/contract/index.ts";
import { queryKey } from "#lib/contract/query-key.ts";

type PagedId = { [Id in QueryId]: OutputOf<Id> extends { nextCursor: string | null } ? Id : never }[QueryId];
type QuerySettings = { enabled?: boolean; refetchInterval?: number | false };

/** The one read of the console: an operation and its input, cached under the derived key. */
export function useQueryFor<Id extends QueryId>(id: Id, input: InputOf<Id>, settings: QuerySettings = {}) {
  return useQuery(
    queryOptions<OutputOf<Id>, ApiError>({
      queryKey: queryKey(id, input),
      queryFn: ({ signal }) => call(id, input, { signal }),
      ...settings,
    }),
  );
}

type PageOf<Id extends PagedId> = OutputOf<Id> & { items: unknown[]; nextCursor: string | null };

/** The same for a list whose pages are loaded as they are scrolled to; rows come flattened in `data`. */
export function useInfiniteQueryFor<Id extends PagedId>(id: Id, input: InputOf<Id>, settings: QuerySettings = {}) {
  return useInfiniteQuery(
    infiniteQueryOptions<PageOf<Id>, ApiError, OutputOf<Id>["items"], readonly unknown[], string | null>({
      queryKey: [...queryKey(id, input), "pages"],
      queryFn: async ({ signal, pageParam }) => {
        const paged = { ...input, ...(pageParam === null ? {} : { cursor: pageParam }) };
        return (await call(id, paged as InputOf<Id>, { signal })) as PageOf<Id>;
      },
      initialPageParam: null,
      getNextPageParam: (last) => last.nextCursor,
      select: (data) => data.pages.flatMap(({ items }) => items) as OutputOf<Id>["items"],
      ...settings,
    }),
  );
}

/**
 * The one write of the console. Afterwards every list and detail is asked again that may show it: changes reach across nouns
 * (an approval makes a version, a connector and grants), and the console is small enough not to guess which.
 */
export function useMutationFor<Id extends MutationId>(
  id: Id,
  options: Pick<UseMutationOptions<OutputOf<Id>, ApiError, InputOf<Id>>, "onSuccess" | "onError"> = {},
) {
  const client = useQueryClient();
  return useMutation<OutputOf<Id>, ApiError, InputOf<Id>>({
    mutationFn: (input) => call(id, input),
    ...options,
    onSettled: () => client.invalidateQueries(),
  });
}
