import type { Metadata } from "next";
import { AgentsView } from "#components/agents/agents-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("access")("agent.title") };

export default function Page() {
  return <AgentsView />;
}
