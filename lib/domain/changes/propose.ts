import { createHash } from "node:crypto";
import type { ProposedChange } from "#lib/contract/changes.ts";
import { DomainError } from "#lib/contract/errors.ts";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { canonicalize, type JsonValue } from "#lib/core/canonical.ts";
import type { Context, NewEvent } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** How long a second person has to confirm, in days. */
export const changeDays = 7;

/** Keeps the exact input of an operation of control two until a second person confirms or rejects it. */
export async function proposeChange(
  { tx, caller, now }: Context,
  operation: OperationId,
  input: unknown,
  { subjectId, summary, beneficiaries }: { subjectId: string; summary: string; beneficiaries: string[] },
): Promise<{ result: ProposedChange; events: NewEvent[] }> {
  if (operations[operation].control !== "two") throw new DomainError("internal");
  const plain = JSON.parse(JSON.stringify(input)) as JsonValue;
  const digest = createHash("sha256")
    .update(canonicalize({ operation, input: plain }))
    .digest("hex");
  const id = newId("chg");
  const expiresAt = new Date(now.getTime() + changeDays * 86_400_000);
  await tx.change.create({
    data: {
      id,
      operation,
      subjectId,
      input: plain as object,
      digest,
      summary,
      reason: reasonOf(plain),
      proposedBy: caller.id,
      beneficiaries: [...new Set(beneficiaries)],
      expiresAt,
    },
  });
  return {
    result: { changeId: id, state: "proposed", summary, expiresAt: expiresAt.toISOString() },
    events: [{ type: "change.proposed", subjects: [id, subjectId], data: { operation, digest, subject: subjectId } }],
  };
}

function reasonOf(input: JsonValue): string {
  const reason = typeof input === "object" && input !== null ? Reflect.get(input, "reason") : undefined;
  return typeof reason === "string" ? reason : "";
}
