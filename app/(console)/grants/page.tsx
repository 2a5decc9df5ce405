import type { Metadata } from "next";
import { GrantsView } from "#components/grants/grants-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("access")("grant.title") };

export default function Page() {
  return <GrantsView />;
}
