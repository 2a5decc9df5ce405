"use client";
import { parseAsArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";

/** What a table shows, all of it in the URL: search, sort ("name" or "-name" for descending), filters by facet, hidden columns. */
export type TableState = {
  search: string;
  sort: string;
  filters: Readonly<Record<string, readonly string[]>>;
  /** Null: as the columns say. */
  hidden: readonly string[] | null;
  setSearch: (search: string) => void;
  setSort: (sort: string) => void;
  setFilter: (facet: string, values: readonly string[]) => void;
  setHidden: (hidden: readonly string[]) => void;
  /** Empties search and filters. */
  clear: () => void;
  isFiltered: boolean;
};

const list = parseAsArrayOf(parseAsString).withDefault([]);

/**
 * Table state kept in the URL. `prefix` tells two tables on one page apart; facet ids are URL keys. `oneEach`: a facet has one value
 * at most, and choosing another replaces it, for lists that the server filters.
 */
export function useTableState(
  options: { facets?: readonly string[]; sort?: string; prefix?: string; oneEach?: boolean } = {},
): TableState {
  const { facets = [], sort = "", prefix = "", oneEach = false } = options;
  const facetKey = facets.join(" ");
  const basics = useMemo(
    () => ({
      [`${prefix}q`]: parseAsString.withDefault(""),
      [`${prefix}sort`]: parseAsString.withDefault(sort),
    }),
    [prefix, sort],
  );
  const lists = useMemo(
    () => ({
      [`${prefix}hide`]: parseAsArrayOf(parseAsString),
      ...Object.fromEntries(
        facetKey
          .split(" ")
          .filter(Boolean)
          .map((id) => [prefix + id, list] as const),
      ),
    }),
    [prefix, facetKey],
  );
  const [texts, setTexts] = useQueryStates(basics);
  const [values, setValues] = useQueryStates(lists);

  return useMemo(() => {
    const ids = facetKey.split(" ").filter(Boolean);
    const filters = Object.fromEntries(ids.map((id) => [id, values[prefix + id] ?? []]));
    const search = texts[`${prefix}q`] ?? "";
    return {
      search,
      sort: texts[`${prefix}sort`] ?? sort,
      filters,
      hidden: values[`${prefix}hide`] ?? null,
      setSearch: (next) => void setTexts({ [`${prefix}q`]: next || null }),
      setSort: (next) => void setTexts({ [`${prefix}sort`]: next }),
      setFilter: (facet, next) =>
        void setValues({ [prefix + facet]: next.length > 0 ? next.slice(oneEach ? -1 : 0) : null }),
      setHidden: (next) => void setValues({ [`${prefix}hide`]: [...next] }),
      clear: () => {
        void setTexts({ [`${prefix}q`]: null });
        void setValues(Object.fromEntries(ids.map((id) => [prefix + id, null])));
      },
      isFiltered: search !== "" || Object.values(filters).some((chosen) => chosen.length > 0),
    };
  }, [prefix, sort, oneEach, facetKey, texts, values, setTexts, setValues]);
}
