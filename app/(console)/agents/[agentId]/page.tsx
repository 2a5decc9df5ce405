import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { AgentPage } from "#components/agents/agent-page.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../../current-person.ts";

export const metadata: Metadata = { title: translator("access")("agent.title") };

export default async function Page({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(person, { id: "agents.get", input: { agentId } });
  return (
    <HydrationBoundary state={state}>
      <AgentPage agentId={agentId} />
    </HydrationBoundary>
  );
}
