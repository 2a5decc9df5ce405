import type { InputOf, OutputOf } from "#lib/contract/index.ts";
import { type DemoPerson, everyItem, type People } from "#lib/demo/people.ts";

type Kind = InputOf<"requests.create">["kind"];
type Request = OutputOf<"requests.submit">;

/** A form, and whether it can be submitted: where something could not be inspected here, it stays a draft. */
export type Filled = { form: Record<string, unknown>; isWhole: boolean };

/**
 * Somebody's request, submitted: the one that they have already, or a new one. A form that is not whole is kept as a draft.
 * @param title of a connector its name, of a grant its purpose
 * @param fill asked only where nothing was submitted yet
 */
export async function ensureSubmitted(
  people: People,
  who: DemoPerson,
  kind: Kind,
  title: string,
  fill: () => Promise<Filled>,
): Promise<Request> {
  const { ask } = people[who];
  const known = await ownRequest(people, who, kind, title);
  if (known !== undefined && known.state !== "draft") return known;
  const { form, isWhole } = await fill();
  const draft =
    known === undefined
      ? await ask("requests.create", { kind, form })
      : await ask("requests.update", { requestId: known.id, rowVersion: known.rowVersion, form });
  return isWhole ? ask("requests.submit", { requestId: draft.id, rowVersion: draft.rowVersion }) : draft;
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
