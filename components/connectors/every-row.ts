"use client";
import { useEffect } from "react";

type Paged<Rows> = {
  data: Rows | undefined;
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage: () => unknown;
};

/** Loads the remaining pages of a list that is searched, sorted and counted as a whole in the browser (hundreds of rows). */
export function useEveryRow<Rows>(query: Paged<Rows>): Rows | undefined {
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return data;
}
