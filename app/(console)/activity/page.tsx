import type { Metadata } from "next";
import { ActivityList } from "#components/activity/activity-list.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("activity")("title") };

export default function ActivityPage() {
  return <ActivityList />;
}
