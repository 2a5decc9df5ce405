import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { ConnectorPage } from "#components/connectors/connector-page.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../../current-person.ts";

export const metadata: Metadata = { title: translator("inventory")("connectors.title") };

export default async function Page({ params }: { params: Promise<{ connectorId: string }> }) {
  const { connectorId } = await params;
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(person, { id: "connectors.get", input: { connectorId } });
  return (
    <HydrationBoundary state={state}>
      <ConnectorPage connectorId={connectorId} />
    </HydrationBoundary>
  );
}
