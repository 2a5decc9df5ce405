import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { EventPage } from "#components/activity/event-page.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../../current-person.ts";

export const metadata: Metadata = { title: translator("activity")("title") };

export default async function ActivityEventPage({ params }: PageProps<"/activity/[eventId]">) {
  const { eventId } = await params;
  const person = await currentPerson();
  if (!person) return null;
  return (
    <HydrationBoundary state={await prefetch(person, { id: "activity.get", input: { eventId } })}>
      <EventPage eventId={eventId} />
    </HydrationBoundary>
  );
}
