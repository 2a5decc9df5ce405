import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Settings } from "#components/settings/settings.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "../current-person.ts";

export const metadata: Metadata = { title: translator("settings")("title") };

export default async function SettingsPage() {
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(
    person,
    { id: "people.me", input: {} },
    { id: "changes.list", input: { state: "proposed", limit: 200 } },
  );
  return (
    <HydrationBoundary state={state}>
      <Settings />
    </HydrationBoundary>
  );
}
