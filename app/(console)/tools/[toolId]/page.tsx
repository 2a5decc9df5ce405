import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { ToolPage } from "#components/tools/tool-page.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../../current-person.ts";

export const metadata: Metadata = { title: translator("inventory")("tool.title") };

export default async function Page({ params }: { params: Promise<{ toolId: string }> }) {
  const { toolId } = await params;
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(person, { id: "tools.get", input: { toolId } });
  return (
    <HydrationBoundary state={state}>
      <ToolPage toolId={toolId} />
    </HydrationBoundary>
  );
}
