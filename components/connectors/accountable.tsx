"use client";
import { useTranslations } from "use-intl";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Owner } from "#lib/contract/connectors.ts";

/** The owner who answers for it; the first one named where nobody is accountable yet. */
export function accountableOwner(owners: readonly Owner[]): Owner | undefined {
  return owners.find((owner) => owner.role === "accountable") ?? owners[0];
}

/** The accountable owner on one line, or that there is none. */
export function Accountable({ owners }: { owners: readonly Owner[] }) {
  const t = useTranslations("inventory");
  const owner = accountableOwner(owners);
  if (!owner) return <span className="text-amber">{t("noOwner")}</span>;
  return <UntrustedText inline text={owner.confirmed ? owner.name : t("ownerUnconfirmed", { name: owner.name })} />;
}
