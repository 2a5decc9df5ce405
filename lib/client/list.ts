import { call } from "#lib/client/call.ts";
import { type InputOf, type OutputOf, operations } from "#lib/contract/index.ts";

/** Lists that the server searches, filters and sorts. */
type ListId = "tools.list" | "connectors.list" | "agents.list" | "grants.list";
type Shown = { search: string; sort: string; filters: Readonly<Record<string, readonly string[]>> };

const perPage = 100;
const perExportPage = 200;

/** What a list is asked for by the state of its table: the first value of each facet; what the contract does not know is left out. */
export function listInput<Id extends ListId>(id: Id, { search, sort, filters }: Shown): InputOf<Id> {
  const { shape } = operations[id].input;
  const asked = {
    q: search === "" ? undefined : search.slice(0, 200),
    sort,
    ...Object.fromEntries(Object.entries(filters).map(([facet, values]) => [facet, values[0]])),
  };
  const known = Object.entries(asked).filter(
    ([name, value]) =>
      value !== undefined && name in shape && shape[name as keyof typeof shape].safeParse(value).success,
  );
  return { ...Object.fromEntries(known), limit: perPage } as InputOf<Id>;
}

/** All rows of a list, page after page. @throws ApiError */
export async function everyRow<Id extends ListId>(id: Id, input: InputOf<Id>): Promise<OutputOf<Id>["items"]> {
  const rows: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: OutputOf<ListId> = await call<ListId>(id, {
      ...input,
      limit: perExportPage,
      ...(cursor === null ? {} : { cursor }),
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows as OutputOf<Id>["items"];
}
