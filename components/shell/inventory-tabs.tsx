"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { inventoryItems } from "#components/shell/nav-items.ts";

/** The four lists under Inventory, at the top of each of them. */
export function InventoryTabs() {
  const t = useTranslations("shell.inventoryTabs");
  const path = usePathname();
  return (
    <nav aria-label={t("label")} className="mb-4 flex gap-4 overflow-x-auto border-b" data-print="hide">
      {inventoryItems.map((item) => (
        <Link
          key={item.id}
          href={item.href}
          aria-current={path === item.href ? "page" : undefined}
          className="-mb-px flex h-9 shrink-0 items-center border-transparent border-b-2 text-muted text-sm hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-accent-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {t(item.id)}
        </Link>
      ))}
    </nav>
  );
}
