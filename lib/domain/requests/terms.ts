import { DomainError, type Issue } from "#lib/contract/errors.ts";
import type { Scope } from "#lib/contract/grants.ts";
import type { ParsedInputOf } from "#lib/contract/index.ts";
import { selects } from "#lib/core/scope/covers.ts";
import type { Scope as CoreScope } from "#lib/core/scope/scope.ts";
import type { Tx } from "#lib/db/tx.ts";
import { approvalInForce } from "#lib/domain/connectors/get.ts";
import type { Context } from "#lib/domain/implement.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";

/** What a grant request asks for, as its digest covers it. */
export type GrantContent = {
  principal: { kind: "agent" | "team"; id: string };
  connectorId: string;
  scope: Scope;
  durationDays: number;
};

/** The names of the tools that a request asks for. */
export async function askedTools(tx: Tx, row: RequestRow): Promise<string[]> {
  if (row.kind === "connector" || row.kind === "version") return (row.form.tools as string[] | undefined) ?? [];
  const { scope, connectorId } = await grantContent(tx, row);
  if ("names" in scope.tools) return scope.tools.names;
  const connector = await tx.connector.findUniqueOrThrow({ where: { id: connectorId } });
  const approval = await approvalInForce(tx, { approved_version_id: connector.approvedVersionId });
  const tools = await tx.tool.findMany({
    where: { connectorId, status: "active" },
    select: { name: true, effect: true },
  });
  const approved = new Set(approval?.tools ?? []);
  return (tools as { name: string; effect: "read" | "write" | "destructive" | "unknown" }[])
    .filter((tool) => approved.has(tool.name) && selects(scope as CoreScope, tool))
    .map(({ name }) => name);
}

/** The bytes that reviewers decide on, read back. */
export async function grantContent(tx: Tx, row: RequestRow): Promise<GrantContent> {
  const { content } = await tx.request.findUniqueOrThrow({ where: { id: row.id }, select: { content: true } });
  return JSON.parse(Buffer.from(content ?? []).toString("utf8")) as GrantContent;
}

/** A reviewer narrows what was asked for, never widens it. @throws DomainError `invalid_input` */
export async function checkTerms(
  { tx, now }: Context,
  row: RequestRow,
  { verdict, tools, conditions }: ParsedInputOf<"requests.review">,
): Promise<void> {
  if (verdict !== "approve") return;
  const asked = new Set(await askedTools(tx, row));
  const issues: Issue[] = [];
  const unasked = (names: readonly string[], path: string) => {
    const strange = names.filter((name) => !asked.has(name));
    if (strange.length > 0) issues.push({ path, message: `Nobody asked for ${strange.slice(0, 5).join(", ")}.` });
  };
  unasked(tools ?? [], "tools");
  unasked(conditions?.holdTools ?? [], "conditions.holdTools");
  const expiresAt = conditions?.expiresAt ?? null;
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) {
    issues.push({ path: "conditions.expiresAt", message: "Choose a time to come." });
  }
  if (row.kind === "grant" || row.kind === "extension") {
    if ((conditions?.holdTools.length ?? 0) > 0) {
      const message = "Holding a tool is a condition of its connector. Leave the tool out, or deny.";
      issues.push({ path: "conditions.holdTools", message });
    }
    if (conditions?.agentIds != null) {
      issues.push({ path: "conditions.agentIds", message: "A grant names its agent already. Deny it instead." });
    }
  }
  if (issues.length > 0) throw new DomainError("invalid_input", "Some fields need attention.", { issues });
}
