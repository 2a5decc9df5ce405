import type { Metadata } from "next";
import { NewRequest } from "#components/requests/new-request.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("requests")("new") };

export default function NewRequestPage() {
  return <NewRequest />;
}
