import type { InputOf, OutputOf } from "#lib/contract/index.ts";
import { type DemoPerson, everyItem, type People } from "#lib/demo/people.ts";
import { submit } from "#lib/demo/review.ts";

type Kind = InputOf<"requests.create">["kind"];
type Request = OutputOf<"requests.submit">;

/**
 * Somebody's request, submitted: the one that they have already, or a new one.
 * @param title of a connector its name, of a grant its purpose
 * @param form read only where there is no request yet
 */
export async function ensureSubmitted(
  people: People,
  who: DemoPerson,
  kind: Kind,
  title: string,
  form: () => Promise<Record<string, unknown>>,
): Promise<Request> {
  const known = await ownRequest(people, who, kind, title);
  if (known === undefined) return submit(people, who, kind, await form());
  if (known.state !== "draft") return known;
  return people[who].ask("requests.submit", { requestId: known.id, rowVersion: known.rowVersion });
}

/** Somebody's own request of that title. */
export async function ownRequest(
  people: People,
  who: DemoPerson,
  kind: Kind,
  title: string,
): Promise<Request | undefined> {
  const own = await everyItem((cursor) => people[who].ask("requests.list", { view: "mine", kind, cursor }));
  return own.find((request) => request.title === title);
}
