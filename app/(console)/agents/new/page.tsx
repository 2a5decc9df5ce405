import type { Metadata } from "next";
import { RegisterAgent } from "#components/agents/register-agent.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("access")("agent.register") };

export default function Page() {
  return <RegisterAgent />;
}
