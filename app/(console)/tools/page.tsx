import type { Metadata } from "next";
import { ToolsView } from "#components/tools/tools-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("inventory")("tool.title") };

export default function Page() {
  return <ToolsView />;
}
