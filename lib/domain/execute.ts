import { createHash } from "node:crypto";
import { DomainError, type ErrorCode } from "#lib/contract/errors.ts";
import { type OperationId, type OutputOf, operations } from "#lib/contract/index.ts";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import { allowed, type Caller, inScope, type ResourceFacts } from "#lib/core/permit.ts";
import { queryRows, sql, type Tx, withTransaction } from "#lib/db/tx.ts";
import { append } from "#lib/domain/audit/append.ts";
import { proposeChange } from "#lib/domain/changes/propose.ts";
import { fromDatabase } from "#lib/domain/database-errors.ts";
import type { AnyImplementation, ConfirmedChange, Context, NewEvent } from "#lib/domain/implement.ts";
import { parseInput } from "#lib/domain/input.ts";
import { lockName } from "#lib/domain/lock.ts";
import { implementations } from "#lib/domain/operations.ts";

/** Who calls, under which request id, and the key that makes a repeated create answer the same. */
export type Call = { caller: Caller; requestId: string; idempotencyKey?: string | undefined };

/** Refusals of an authenticated principal that are events of their own. */
const recorded: ReadonlySet<ErrorCode> = new Set([
  "not_found",
  "not_eligible",
  "scope_missing",
  "interactive_sign_in_required",
  "second_person_required",
  "not_approved",
  "stale_digest",
]);

/** Operations whose answer holds a secret that is kept nowhere. */
const secretOutputs: ReadonlySet<OperationId> = new Set(["tokens.create"]);

/**
 * Runs one operation: parse → load → authorize → run → append events → check output, in one transaction. A failed step leaves
 * nothing behind, the log included; a refusal is then recorded in a transaction of its own.
 * @throws DomainError
 */
export async function execute<Id extends OperationId>(id: Id, input: unknown, call: Call): Promise<OutputOf<Id>> {
  const operation = operations[id];
  const parsed = parseInput(operation.input, input);
  try {
    return (await withTransaction((tx) => runIn(tx, id, parsed, call))) as OutputOf<Id>;
  } catch (error) {
    const mapped = fromDatabase(error);
    if (mapped instanceof DomainError && recorded.has(mapped.code)) await recordRefusal(id, mapped.code, call);
    throw mapped;
  }
}

async function runIn(tx: Tx, id: OperationId, input: unknown, call: Call): Promise<unknown> {
  const operation = operations[id];
  const implementation = implementations[id] as AnyImplementation;
  const [row] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
  if (row === undefined) throw new DomainError("unavailable");
  const context: Context = {
    tx,
    caller: call.caller,
    now: row.now,
    requestId: call.requestId,
    apply: (target, changeInput, change) => applyConfirmed(context, target, changeInput, change),
  };
  refuseScope(call.caller, id);
  const loaded = await implementation.load(context, input as never);
  authorize(call.caller, id, loaded?.facts ?? null);
  if (loaded === null) throw new DomainError("not_found");
  const replay = operation.kind === "mutation" ? await replayed(context, id, input, call) : null;
  if (replay !== null) return operation.output.parse(replay);
  const resource = loaded.resource as never;
  const principal = { kind: call.caller.kind, id: call.caller.id };

  if (operation.kind === "query")
    return operation.output.parse(await implementation.run?.(context, resource, input as never));
  if (implementation.propose !== undefined) {
    const proposal = await implementation.propose(context, resource, input as never);
    const { result, events } = await proposeChange(context, id, input, proposal);
    await append(tx, principal, context.now, events);
    return finish(context, id, input, call, result);
  }
  const done = await implementation.run?.(context, resource, input as never);
  if (done === undefined) throw new DomainError("internal");
  const { result, events } = done as { result: unknown; events: readonly NewEvent[] };
  await append(tx, principal, context.now, events);
  return finish(context, id, input, call, result);
}

/** Before anything is looked up, so that a token without the scope cannot tell what is there from what is not. */
function refuseScope(caller: Caller, id: OperationId): void {
  const { action } = operations[id];
  if (caller.via === "token" && !inScope(action, caller.tokenScopes ?? [])) {
    throw new DomainError("scope_missing", `The access token needs the scope ${action}.`);
  }
}

/** A missing thing and a forbidden one get the same answer; what only lacks a fresh sign-in says so. */
function authorize(caller: Caller, id: OperationId, facts: ResourceFacts | null): void {
  const { action } = operations[id];
  if (facts === null) return;
  if (allowed(caller, action, facts)) return;
  const person: Caller = { ...caller, via: "session", interactiveSignInAgeSeconds: 0 };
  if (caller.kind === "user" && allowed(person, action, facts)) {
    throw new DomainError(
      "interactive_sign_in_required",
      caller.via === "token"
        ? "An access token is never enough for this. Sign in to the console and do it there."
        : "Sign in again to confirm that it is you; what you wrote is kept.",
    );
  }
  throw new DomainError("not_found");
}

/** Runs a confirmed change with the rights that its proposer had when it was proposed; the database checks both persons again. */
async function applyConfirmed(
  context: Context,
  target: string,
  input: unknown,
  change: ConfirmedChange,
): Promise<readonly NewEvent[]> {
  const id = target as OperationId;
  const implementation = implementations[id] as AnyImplementation | undefined;
  if (implementation?.applyChange === undefined) throw new DomainError("internal");
  const parsed = parseInput(operations[id].input, input);
  const loaded = await implementation.load(context, parsed as never);
  if (loaded === null) throw new DomainError("gone", "What this change is about is not there any more.");
  return implementation.applyChange(context, loaded.resource as never, parsed as never, change);
}

/** Checks the result against the contract and keeps it for a repeated call with the same key. */
async function finish(
  context: Context,
  id: OperationId,
  input: unknown,
  call: Call,
  result: unknown,
): Promise<unknown> {
  const output = operations[id].output.parse(result);
  if (call.idempotencyKey !== undefined) {
    await context.tx.idempotencyKey.create({
      data: {
        principalId: call.caller.id,
        key: call.idempotencyKey,
        operation: id,
        inputDigest: digestOf(input),
        output: secretOutputs.has(id) ? {} : (output as object),
      },
    });
  }
  return output;
}

async function replayed(context: Context, id: OperationId, input: unknown, call: Call): Promise<unknown> {
  if (call.idempotencyKey === undefined) return null;
  // Two at once with one key come one after the other, and the second gets the answer of the first.
  await lockName(context.tx, `idempotency ${call.caller.id} ${call.idempotencyKey}`);
  const earlier = await context.tx.idempotencyKey.findUnique({
    where: { principalId_key: { principalId: call.caller.id, key: call.idempotencyKey } },
  });
  if (earlier === null) return null;
  if (earlier.operation !== id || earlier.inputDigest !== digestOf(input))
    throw new DomainError("idempotency_mismatch");
  if (secretOutputs.has(id)) {
    throw new DomainError("already_exists", "It was made with this key already, and its secret is shown only once.");
  }
  return earlier.output;
}

function digestOf(input: unknown): string {
  const plain = JSON.parse(JSON.stringify(input)) as JsonValue;
  return createHash("sha256").update(canonicalize(plain)).digest("hex");
}

async function recordRefusal(id: OperationId, code: ErrorCode, { caller, requestId }: Call): Promise<void> {
  await withTransaction(async (tx) => {
    const [row] = await queryRows<{ now: Date }>(tx, sql`select date_trunc('milliseconds', now()) as now`);
    const data = { operation: id, code, requestId, via: caller.via };
    await append(tx, { kind: caller.kind, id: caller.id }, row?.now ?? new Date(), [
      { type: "operation.refused", subjects: [caller.id], data },
    ]);
  });
}
