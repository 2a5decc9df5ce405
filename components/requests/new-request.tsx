"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ConnectorForm } from "#components/requests/connector-form.tsx";
import { ExtensionForm } from "#components/requests/extension-form.tsx";
import { GrantForm } from "#components/requests/grant-form.tsx";
import { ReviewSkeleton } from "#components/requests/review-skeleton.tsx";
import { VersionForm } from "#components/requests/version-form.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Scope } from "#lib/contract/grants.ts";

const kinds = ["connector", "version", "grant", "extension"] as const;
const usualDays = 90;

/**
 * A new request; what it is about comes with the address (`?kind=grant&connectorId=…&agentId=…&tool=…`). The gateway's refusals lead
 * here, so a connector may be named by id or short name.
 */
export function NewRequest() {
  const [address] = useQueryStates({
    kind: parseAsStringLiteral(kinds).withDefault("connector"),
    connectorId: parseAsString,
    agentId: parseAsString,
    grantId: parseAsString,
    tool: parseAsString,
  });
  const named = address.connectorId ?? "";
  const connector = useQueryFor("connectors.get", { connectorId: named }, { enabled: named !== "" });
  if (named !== "" && connector.isPending) return <ReviewSkeleton />;
  // One that is not there, or not theirs to see, is simply not filled in.
  const connectorId = connector.data?.id;
  switch (address.kind) {
    case "connector":
      return <ConnectorForm initial={null} isAgain={false} />;
    case "version":
      return <VersionForm initial={null} isAgain={false} start={{ connectorId, durationDays: usualDays }} />;
    case "grant": {
      const agent = address.agentId === null ? {} : { principalId: address.agentId };
      const scope = connectorId === undefined || address.tool === null ? {} : { scope: scopeOf(address.tool) };
      return (
        <GrantForm
          initial={null}
          isAgain={false}
          start={{ connectorId, durationDays: usualDays, ...agent, ...scope }}
        />
      );
    }
    case "extension":
      return (
        <ExtensionForm
          initial={null}
          isAgain={false}
          start={{ grantId: address.grantId ?? undefined, durationDays: usualDays }}
        />
      );
  }
}

function scopeOf(tool: string): Scope {
  return { tools: { names: [tool] }, actions: ["discover", "invoke"], constraints: [], rate: null };
}
