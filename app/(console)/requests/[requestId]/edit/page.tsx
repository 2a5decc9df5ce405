import type { Metadata } from "next";
import { EditRequest } from "#components/requests/edit-request.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("requests")("form.editTitle") };

export default async function EditRequestPage({ params }: { params: Promise<{ requestId: string }> }) {
  const { requestId } = await params;
  return <EditRequest key={requestId} requestId={requestId} />;
}
