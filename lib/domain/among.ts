import type { Prisma } from "#lib/db/generated/client.ts";
import { queryRows, sql, type Tx } from "#lib/db/tx.ts";
import { type Order, orderBy } from "#lib/domain/order.ts";

/** Up to so many subjects are read one by one, each as far as a page needs; the rows of more than these are met on the way. */
const subjectsMax = 500;

/** Which rows of a table a page is looked for among; all of it SQL over the alias that `rows` gives. */
export type Among = {
  /** Table and alias: `scope_grant g`. */
  rows: Prisma.Sql;
  /** Columns that may name a subject, each the start of an index with the order of the page. */
  columns: readonly Prisma.Sql[];
  /** A select of the subjects' ids. */
  subjects: Prisma.Sql;
  /** Rows that count too, whatever their subject. */
  other: Prisma.Sql | null;
  filter: Prisma.Sql;
  order: Order;
  limit: number;
};

/** SQL that is true for the rows of a page among those of some subjects, without a look at all rows of the table or of a subject. */
export async function among(
  tx: Tx,
  { rows, columns, subjects, other, filter, order, limit }: Among,
): Promise<Prisma.Sql> {
  const ids = await queryRows<{ id: string }>(tx, sql`select s.id from (${subjects}) s (id) limit ${subjectsMax + 1}`);
  if (ids.length > subjectsMax) return sql`(${ofSubjects(columns, subjects)} or ${other ?? sql`false`}) and ${filter}`;
  const first = (which: Prisma.Sql) =>
    sql`(select ${order.id} as id, ${order.column} as at from ${rows} where ${which} and ${filter} order by ${orderBy(order)} limit ${limit})`;
  const each = either(
    columns.map((column) => first(sql`${column} = s`)),
    sql` union all `,
  );
  const found = sql`select f.id, f.at from unnest(${ids.map(({ id }) => id)}::text[]) s cross join lateral (${each}) f
    ${other === null ? sql`` : sql`union all ${first(other)}`}`;
  const way = order.isDescending ? sql`desc` : sql``;
  return sql`${order.id} in (select f.id from (${found}) f group by f.id, f.at order by f.at ${way}, f.id ${way} limit ${limit})`;
}

/** SQL that is true for rows of which one of the columns names one of the subjects. */
export function ofSubjects(columns: readonly Prisma.Sql[], subjects: Prisma.Sql): Prisma.Sql {
  const parts = columns.map((column) => sql`coalesce(${column}, '') in (${subjects})`);
  return sql`(${either(parts, sql` or `)})`;
}

function either(parts: readonly Prisma.Sql[], between: Prisma.Sql): Prisma.Sql {
  return parts.reduce((all, part) => sql`${all}${between}${part}`);
}
