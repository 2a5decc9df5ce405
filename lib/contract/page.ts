import { z } from "zod";

/** Cursor pagination: `cursor` is what the last page gave, opaque; `limit` is the number of rows. */
export const pageInput = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

/** One page of rows; `nextCursor` is null on the last one. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Instants are ISO 8601 texts in UTC. */
export const Instant = z.string();

/** Prefixed identifier, e.g. `con_…`. */
export const Id = z.string().min(1).max(200);

/** Text that people write: trimmed, not empty. */
export const text = (max: number) => z.string().trim().min(1).max(max);

/** Why somebody did something; required wherever it decides or stops. */
export const Reason = text(2000);

export const PersonRef = z.object({ id: Id, name: z.string() });
export type PersonRef = z.infer<typeof PersonRef>;
