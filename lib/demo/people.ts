import { type ApiError, call } from "#lib/client/call.ts";
import type { InputOf, OperationId, OutputOf } from "#lib/contract/index.ts";

/** The people of a demo instance, by the names of their sign-ins. */
export const demoPeople = [
  "requester",
  "owner",
  "security-1",
  "security-2",
  "data-protection",
  "platform",
  "auditor",
  "administrator",
] as const;
export type DemoPerson = (typeof demoPeople)[number];

/** Somebody who signed in, and asks the REST API. */
export type Person = {
  id: string;
  name: string;
  /** @throws ApiError */
  ask: <Id extends OperationId>(id: Id, input: InputOf<Id>) => Promise<OutputOf<Id>>;
  token: string;
  baseUrl: string;
};

export type People = Readonly<Record<DemoPerson, Person>>;

/**
 * Signs everybody in with a token for the command line (12 hours, marked as demo).
 * @param baseUrl address of the console
 * @throws Error when it is not a demo instance of this machine
 */
export async function signInEverybody(baseUrl: string): Promise<People> {
  const entries: [DemoPerson, Person][] = [];
  for (const name of demoPeople) entries.push([name, await signIn(baseUrl, name)]);
  return Object.fromEntries(entries) as Record<DemoPerson, Person>;
}

async function signIn(baseUrl: string, person: DemoPerson): Promise<Person> {
  const response = await fetch(`${baseUrl}/api/demo/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  });
  const body: unknown = await response.json().catch(() => null);
  const token: unknown = Object(body).token;
  if (!response.ok || typeof token !== "string") {
    throw new Error(`${baseUrl} is not a demo instance on this machine, or has no demo person "${person}".`);
  }
  const ask: Person["ask"] = (id, input) => call(id, input, { baseUrl, token });
  const { id, name } = await ask("people.me", {});
  return { id, name, ask, token, baseUrl };
}

/** All items of a list, page by page. */
export async function everyItem<Item>(
  page: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    all.push(...items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** What a refused operation says, with its issues, in one line. */
export function refusalText({ code, message, problem }: ApiError): string {
  const issues = (problem?.issues ?? []).map((issue) => `${issue.path}: ${issue.message}`);
  return [`${code}: ${message}`, ...issues].join("; ");
}
