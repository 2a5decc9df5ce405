import type { MutationId, OperationId, Operations, OutputOf, ParsedInputOf, QueryId } from "#lib/contract/index.ts";
import type { JsonObject } from "#lib/core/canonical.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import type { Caller, ResourceFacts } from "#lib/core/permit.ts";
import type { Tx } from "#lib/db/tx.ts";

/** What happened, before it gets its id, time and principal. `subjects` name the governed rows; `data` holds ids and codes, no personal data. */
export type NewEvent = {
  type: EventType;
  subjects: string[];
  data?: JsonObject;
  /** Columns of the log's row that queries use; they repeat what is in `data`. */
  connectorId?: string;
  agentId?: string;
  grantId?: string;
};

/** What every implementation works with. `now` is the database's clock at the start of the transaction. */
export type Context = {
  tx: Tx;
  caller: Caller;
  now: Date;
  requestId: string;
  /** Carries out an operation of control two whose change was just confirmed. Only `changes.confirm` uses it. */
  apply: (operation: string, input: unknown, change: ConfirmedChange) => Promise<readonly NewEvent[]>;
};

export type ConfirmedChange = { id: string; proposedBy: string; decidedBy: string };

/**
 * What `load` found and who has a say in it. Null: it is not there. A forbidden thing answers exactly like a missing one.
 * For lists, `load` gives the filter of what the caller may see, with `listed(caller)` as facts.
 */
export type Loaded<Resource> = { resource: Resource; facts: ResourceFacts } | null;

type Load<Id extends OperationId, Resource> = (context: Context, input: ParsedInputOf<Id>) => Promise<Loaded<Resource>>;

type OneId = { [Id in MutationId]: Operations[Id]["control"] extends "one" ? Id : never }[MutationId];
type TwoId = { [Id in MutationId]: Operations[Id]["control"] extends "two" ? Id : never }[MutationId];

/** An implementation whose resource type is its own affair; the runner hands `run` what `load` gave. */
export type AnyImplementation = {
  load: (context: Context, input: never) => Promise<Loaded<unknown>>;
  run?: (context: Context, resource: never, input: never) => Promise<unknown>;
  propose?: (
    context: Context,
    resource: never,
    input: never,
  ) => Promise<{ subjectId: string; summary: string; beneficiaries: string[] }>;
  applyChange?: (
    context: Context,
    resource: never,
    input: never,
    change: ConfirmedChange,
  ) => Promise<readonly NewEvent[]>;
};

/**
 * Joins a query of the contract to its use case. The runner authorizes between `load` and `run`, so no use case can forget it.
 */
export function implementQuery<Id extends QueryId, Resource>(
  _id: Id,
  implementation: {
    load: Load<Id, Resource>;
    run: (context: Context, resource: Resource, input: ParsedInputOf<Id>) => Promise<OutputOf<Id>>;
  },
) {
  return implementation;
}

/**
 * Joins a mutation to its use case. It names at least one event, which the runner appends in the same transaction: one that
 * forgets does not compile.
 */
export function implement<Id extends OneId, Resource>(
  _id: Id,
  implementation: {
    load: Load<Id, Resource>;
    run: (
      context: Context,
      resource: Resource,
      input: ParsedInputOf<Id>,
    ) => Promise<{ result: OutputOf<Id>; events: readonly [NewEvent, ...NewEvent[]] }>;
  },
) {
  return implementation;
}

/** The same for rows that are not governed (drafts, inspections, read marks): no event is required. */
export function implementUngoverned<Id extends OneId, Resource>(
  _id: Id,
  implementation: {
    load: Load<Id, Resource>;
    run: (
      context: Context,
      resource: Resource,
      input: ParsedInputOf<Id>,
    ) => Promise<{ result: OutputOf<Id>; events: readonly NewEvent[] }>;
  },
) {
  return implementation;
}

/** Control two: `propose` says what would change and who gains; `applyChange` carries exactly that out once it is confirmed. */
export function implementTwo<Id extends TwoId, Resource>(
  _id: Id,
  implementation: {
    load: Load<Id, Resource>;
    propose: (
      context: Context,
      resource: Resource,
      input: ParsedInputOf<Id>,
    ) => Promise<{ subjectId: string; summary: string; beneficiaries: string[] }>;
    applyChange: (
      context: Context,
      resource: Resource,
      input: ParsedInputOf<Id>,
      change: ConfirmedChange,
    ) => Promise<readonly [NewEvent, ...NewEvent[]]>;
  },
) {
  return implementation;
}

/** The facts of a list: its query already leaves out what the caller may not see, so any relation may stand for the rows. */
export function listed(caller: Caller): ResourceFacts {
  return { ownerIds: [caller.id], requesterId: caller.id, subjectId: caller.id, inCatalogue: true };
}
