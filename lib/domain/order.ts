import type { Prisma } from "#lib/db/generated/client.ts";
import { sql } from "#lib/db/tx.ts";
import type { Cursor } from "#lib/domain/page.ts";

/** What a list is ordered by: a column of which an index has the order, and the type that a cursor's text is read as. */
export type Sortable = { column: Prisma.Sql; type: "text" | "timestamptz" | "bigint" };

/** A total order: by a column, then by id, both in one direction. */
export type Order = Sortable & { id: Prisma.Sql; isDescending: boolean };

/** The order that `sort` asks for: a name of `sortables`, with "-" before it for descending. */
export function orderOf<Name extends string>(
  sortables: Readonly<Record<Name, Sortable>>,
  id: Prisma.Sql,
  sort: Name | `-${Name}`,
): Order {
  const isDescending = sort.startsWith("-");
  return { ...sortables[(isDescending ? sort.slice(1) : sort) as Name], id, isDescending };
}

/** SQL after `order by`. */
export function orderBy({ column, id, isDescending }: Order): Prisma.Sql {
  if (column === id) return isDescending ? sql`${column} desc` : column;
  return isDescending ? sql`${column} desc, ${id} desc` : sql`${column}, ${id}`;
}

const read = {
  text: (at: string) => sql`${at}`,
  timestamptz: (at: string) => sql`${at}::timestamptz`,
  bigint: (at: string) => sql`${at}::bigint`,
};

/** SQL that is true for the rows behind a cursor; all of them without one. */
export function behind({ column, type, id, isDescending }: Order, cursor: Cursor | null): Prisma.Sql {
  if (cursor === null) return sql`true`;
  const at = read[type](cursor.at);
  // A column that is total by itself is its own id.
  if (column === id) return isDescending ? sql`${column} < ${at}` : sql`${column} > ${at}`;
  return isDescending
    ? sql`(${column}, ${id}) < (${at}, ${cursor.id})`
    : sql`(${column}, ${id}) > (${at}, ${cursor.id})`;
}

/** SQL of the column as a cursor keeps it, microseconds included. */
export function cursorText({ column }: Order): Prisma.Sql {
  return sql`(${column})::text`;
}
