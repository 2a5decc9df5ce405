import type { ReasonCode } from "#lib/core/decision/reasons.ts";
import type { CompiledConnector, CompiledTool, ConnectorRow, ToolRow } from "#lib/core/decision/snapshot.ts";
import type { CapabilityKind } from "#lib/core/inspection/snapshot.ts";

/** One connector as decisions and lists read it. */
export function compileConnector({ tools, agentsAllowed, ...row }: ConnectorRow): CompiledConnector {
  const ordered = [...tools].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const ofKind = (kind: CapabilityKind) =>
    new Map(ordered.filter((tool) => tool.kind === kind).map((tool) => [tool.name, compileTool(tool, row)]));
  return {
    ...row,
    refusal: refuseConnector(row.status),
    agentsAllowed: agentsAllowed === null ? null : new Set(agentsAllowed),
    tools: {
      tool: ofKind("tool"),
      resource: ofKind("resource"),
      resource_template: ofKind("resource_template"),
      prompt: ofKind("prompt"),
    },
  };
}

function refuseConnector(status: ConnectorRow["status"]): ReasonCode | null {
  if (status === "enabled") return null;
  return status === "quarantined" ? "connector_quarantined" : "connector_suspended";
}

function compileTool(tool: ToolRow, connector: Pick<ConnectorRow, "id" | "versionId">): CompiledTool {
  const { toolId, kind, name, definitionDigest, definition, effect, hold } = tool;
  return {
    id: toolId,
    kind,
    name,
    effect,
    hold,
    definitionDigest,
    definition,
    // members in the order of RFC 8785, so that the text can be part of a canonical record
    reference: JSON.stringify({
      connectorId: connector.id,
      definitionDigest,
      effect,
      kind,
      name,
      toolId,
      versionId: connector.versionId,
    }),
    refusal: refuseTool(tool),
  };
}

function refuseTool({ approved, quarantined, removed }: ToolRow): ReasonCode | null {
  if (quarantined) return "tool_quarantined";
  if (removed) return "tool_removed";
  return approved ? null : "tool_not_approved";
}
