import type { Metadata } from "next";
import { ConnectorsView } from "#components/connectors/connectors-view.tsx";
import { translator } from "#lib/messages/locale.ts";

export const metadata: Metadata = { title: translator("inventory")("connectors.title") };

export default function Page() {
  return <ConnectorsView />;
}
