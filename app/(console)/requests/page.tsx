import type { Metadata } from "next";
import { RequestList } from "#components/requests/request-list.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("requests")("title") };

export default function RequestsPage() {
  return <RequestList />;
}
