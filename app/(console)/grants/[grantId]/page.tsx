import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { GrantPage } from "#components/grants/grant-page.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../../current-person.ts";

export const metadata: Metadata = { title: translator("access")("grant.title") };

export default async function Page({ params }: { params: Promise<{ grantId: string }> }) {
  const { grantId } = await params;
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(person, { id: "grants.get", input: { grantId } });
  return (
    <HydrationBoundary state={state}>
      <GrantPage grantId={grantId} />
    </HydrationBoundary>
  );
}
