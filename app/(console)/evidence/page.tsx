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
  // Only for whom it is: an operation that is refused is an entry of the log.
  const state = person.roles.includes("auditor")
    ? await prefetch(
        person,
        { id: "people.me", input: {} },
        { id: "evidence.list", input: { limit: 100 } },
        { id: "log.checkpoint", input: {} },
      )
    : await prefetch(person, { id: "people.me", input: {} });
  return (
    <HydrationBoundary state={state}>
      <Evidence />
    </HydrationBoundary>
  );
}
