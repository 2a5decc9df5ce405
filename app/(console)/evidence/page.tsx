import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Evidence } from "#components/evidence/evidence.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../current-person.ts";

export const metadata: Metadata = { title: translator("evidence")("title") };

export default async function EvidencePage() {
  const person = await currentPerson();
  if (!person) return null;
  return (
    <HydrationBoundary state={await prefetch(person, { id: "people.me", input: {} })}>
      <Evidence />
    </HydrationBoundary>
  );
}
