import type { Metadata } from "next";
import { ProbePage } from "#components/requests/probe-page.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("requests")("form.probe.title") };

export default async function InspectionPage({ params }: { params: Promise<{ probeId: string }> }) {
  const { probeId } = await params;
  return <ProbePage probeId={probeId} />;
}
