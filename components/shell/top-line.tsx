"use client";
import MenuIcon from "lucide-react/icons/menu";
import Search from "lucide-react/icons/search";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { breadcrumbSlot, type Crumb } from "#components/shell/breadcrumb.ts";
import { Mark } from "#components/shell/mark.tsx";
import { inventoryItems, sectionOf } from "#components/shell/nav-items.ts";
import { type Person, PersonMenu } from "#components/shell/person-menu.tsx";
import { NavList } from "#components/shell/rail.tsx";
import { useProvided } from "#components/shell/slot.ts";
import { ThemeMenu } from "#components/shell/theme-menu.tsx";
import { Sheet } from "#components/ui/dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

type TopLineProps = {
  person: Person;
  environment: string | null;
  notifications?: ReactNode;
  onOpenPalette: () => void;
};

/** Where one is, search, environment, theme, person. */
export function TopLine({ person, environment, notifications, onOpenPalette }: TopLineProps) {
  const t = useTranslations("shell");
  const [isNavOpen, setIsNavOpen] = useState(false);
  return (
    <header
      data-print="hide"
      className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-canvas/90 px-4 backdrop-blur-sm"
    >
      <span className="md:hidden">
        <Sheet
          side="left"
          open={isNavOpen}
          onOpenChange={setIsNavOpen}
          className="w-64!"
          title={
            <span className="flex items-center gap-2">
              <Mark />
              {t("productName")}
            </span>
          }
          trigger={
            <IconButton label={t("openNavigation")} icon={<MenuIcon size={16} aria-hidden />} className="-ml-2" />
          }
        >
          <nav aria-label={t("mainNavigation")} className="-mx-5">
            <NavList onGo={() => setIsNavOpen(false)} />
          </nav>
        </Sheet>
      </span>
      <Breadcrumb />
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {environment ? (
          <span className="mr-1 flex h-5.5 items-center rounded-full border border-amber-line bg-amber-tint px-2 text-amber text-sm">
            <span className="sr-only">{t("environment", { name: environment })}</span>
            <span aria-hidden>{environment}</span>
          </span>
        ) : null}
        <button
          type="button"
          onClick={onOpenPalette}
          aria-keyshortcuts="Meta+K Control+K"
          className="mr-1 hidden h-8 w-56 items-center gap-2 rounded-md border bg-surface px-2.5 text-faint text-sm hover:border-line-strong hover:text-muted lg:flex"
        >
          <Search size={14} aria-hidden />
          <span className="flex-1 text-left">{t("searchOrGo")}</span>
          <Kbd>⌘K</Kbd>
        </button>
        <span className="lg:hidden">
          <IconButton label={t("searchOrGo")} onClick={onOpenPalette} icon={<Search size={16} aria-hidden />} />
        </span>
        <ThemeMenu />
        {notifications}
        <PersonMenu person={person} />
      </div>
    </header>
  );
}

function Breadcrumb() {
  const t = useTranslations("shell");
  const path = usePathname();
  const added = useProvided(breadcrumbSlot).flat();
  const section = sectionOf(path);
  const crumbs: Crumb[] = section ? [{ label: t(`nav.${section.id}`), href: section.href }] : [];
  const inventory = inventoryItems.find((item) => path === item.href || path.startsWith(`${item.href}/`));
  if (inventory) crumbs.push({ label: t(`inventoryTabs.${inventory.id}`), href: inventory.href });
  crumbs.push(...added);
  return (
    <nav aria-label={t("breadcrumb")} className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {crumbs.map((crumb, index) => {
          const isLast = index === crumbs.length - 1;
          return (
            <li
              key={`${crumb.href ?? ""} ${crumb.label}`}
              className={
                isLast ? "flex min-w-0 items-center gap-1.5" : "flex shrink-0 items-center gap-1.5 max-sm:hidden"
              }
            >
              {index > 0 ? (
                <span aria-hidden className="text-faint max-sm:hidden">
                  /
                </span>
              ) : null}
              {isLast || !crumb.href ? (
                <span aria-current={isLast ? "page" : undefined} className="isolated truncate font-medium text-ink">
                  {crumb.label}
                </span>
              ) : (
                <Link href={crumb.href} className="rounded-sm text-muted hover:text-ink">
                  {crumb.label}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
