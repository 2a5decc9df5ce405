import { DomainError } from "#lib/contract/errors.ts";

/** A cursor's two parts: the sort value of the last row of a page and its id. */
export type Cursor = { at: string; id: string };

/** Reads a cursor that `pageOf` gave. @throws DomainError `invalid_input` for any other text */
export function readCursor(cursor: string | undefined): Cursor | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  // The last one: names may have line breaks, ids have none.
  const end = text.lastIndexOf("\n");
  if (end < 0) {
    throw new DomainError("invalid_input", "This cursor is not one that a page gave.");
  }
  return { at: text.slice(0, end), id: text.slice(end + 1) };
}

/** A page of rows that were read with `limit + 1`: the surplus row only tells that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (row: Row) => Cursor,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? cursor(last) : null;
  return {
    items: shown.map(item),
    nextCursor: next === null ? null : Buffer.from(`${next.at}\n${next.id}`).toString("base64url"),
  };
}
