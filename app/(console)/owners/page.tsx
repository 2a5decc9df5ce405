import type { Metadata } from "next";
import { OwnersView } from "#components/owners/owners-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("inventory")("owners.title") };

export default function Page() {
  return <OwnersView />;
}
