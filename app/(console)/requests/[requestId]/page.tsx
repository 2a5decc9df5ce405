import type { Metadata } from "next";
import { ReviewPage } from "#components/requests/review-page.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("requests")("review.pageTitle") };

export default async function RequestPage({ params }: { params: Promise<{ requestId: string }> }) {
  const { requestId } = await params;
  return <ReviewPage key={requestId} requestId={requestId} />;
}
