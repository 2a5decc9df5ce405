import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { Home } from "#components/home/home.tsx";
import { prefetch } from "#lib/http/prefetch.ts";
import { translator } from "#lib/messages/locale.ts";
import { currentPerson } from "./current-person.ts";

export const metadata: Metadata = { title: translator("home")("title") };

export default async function HomePage() {
  const person = await currentPerson();
  if (!person) return null;
  const state = await prefetch(person, { id: "home.get", input: {} }, { id: "people.me", input: {} });
  return (
    <HydrationBoundary state={state}>
      <Home />
    </HydrationBoundary>
  );
}
