import type { Metadata } from "next";
import { AccessView } from "#components/access/access-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("access")("title") };

export default function Page() {
  return <AccessView />;
}
