import type { Metadata } from "next";
import { Setup } from "#components/settings/setup.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("settings")("setup.title") };

export default function SetupPage() {
  return <Setup />;
}
