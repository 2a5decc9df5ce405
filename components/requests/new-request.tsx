"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ConnectorForm } from "#components/requests/connector-form.tsx";
import { ExtensionForm } from "#components/requests/extension-form.tsx";
import { GrantForm } from "#components/requests/grant-form.tsx";
import { VersionForm } from "#components/requests/version-form.tsx";

const kinds = ["connector", "version", "grant", "extension"] as const;
const usualDays = 90;

/** A new request; what it is about comes with the address (`?kind=grant&connectorId=…&agentId=…`). */
export function NewRequest() {
  const [address] = useQueryStates({
    kind: parseAsStringLiteral(kinds).withDefault("connector"),
    connectorId: parseAsString,
    agentId: parseAsString,
    grantId: parseAsString,
  });
  const connectorId = address.connectorId ?? undefined;
  switch (address.kind) {
    case "connector":
      return <ConnectorForm initial={null} isAgain={false} />;
    case "version":
      return <VersionForm initial={null} isAgain={false} start={{ connectorId, durationDays: usualDays }} />;
    case "grant": {
      const agent = address.agentId === null ? {} : { principalId: address.agentId };
      return <GrantForm initial={null} isAgain={false} start={{ connectorId, durationDays: usualDays, ...agent }} />;
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
