"use client";
import PanelLeftClose from "lucide-react/icons/panel-left-close";
import PanelLeftOpen from "lucide-react/icons/panel-left-open";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "use-intl";
import { Mark } from "#components/shell/mark.tsx";
import { navItems, sectionOf } from "#components/shell/nav-items.ts";
import { RequestCount } from "#components/shell/request-count.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

/** The left rail of 220 px, or 56 px with icons only; gone below 900 px. */
export function Rail({ isCollapsed, onToggle }: { isCollapsed: boolean; onToggle: () => void }) {
  const t = useTranslations("shell");
  return (
    <nav
      aria-label={t("mainNavigation")}
      data-print="hide"
      className={classNames(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-canvas md:flex",
        isCollapsed ? "w-14" : "w-55",
      )}
    >
      <div className={classNames("flex h-12 items-center", isCollapsed ? "justify-center" : "px-4")}>
        <Link
          href="/"
          aria-label={t("productName")}
          className="flex items-center gap-2 rounded-sm font-semibold text-base text-ink tracking-tight"
        >
          <Mark />
          {isCollapsed ? null : t("productName")}
        </Link>
      </div>
      <NavList isCollapsed={isCollapsed} />
      <div className={classNames("mt-auto flex p-2", isCollapsed && "justify-center")}>
        <IconButton
          label={isCollapsed ? t("expand") : t("collapse")}
          aria-expanded={!isCollapsed}
          onClick={onToggle}
          icon={isCollapsed ? <PanelLeftOpen size={16} aria-hidden /> : <PanelLeftClose size={16} aria-hidden />}
        />
      </div>
    </nav>
  );
}

/** The sections. `onGo` runs after a choice, e.g. to close the sheet. */
export function NavList({ isCollapsed = false, onGo }: { isCollapsed?: boolean; onGo?: () => void }) {
  const t = useTranslations("shell");
  const current = sectionOf(usePathname())?.id;
  return (
    <ul className="flex flex-col gap-px px-2">
      {navItems.map(({ id, href, icon: Icon }) => {
        const name = t(`nav.${id}`);
        const link = (
          <Link
            href={href}
            onClick={() => onGo?.()}
            aria-current={current === id ? "page" : undefined}
            className={classNames(
              "relative flex h-8 items-center gap-2.5 rounded-md text-muted text-sm transition-colors hover:bg-pressed/60 hover:text-ink aria-[current=page]:bg-pressed aria-[current=page]:font-medium aria-[current=page]:text-ink",
              isCollapsed ? "justify-center" : "px-2",
            )}
          >
            <Icon size={16} aria-hidden strokeWidth={1.75} className="shrink-0" />
            <span className={isCollapsed ? "sr-only" : "truncate"}>{name}</span>
            {id === "requests" ? <RequestCount isCollapsed={isCollapsed} /> : null}
          </Link>
        );
        return (
          <li key={id}>
            {isCollapsed ? (
              <Tooltip text={name} side="right">
                {link}
              </Tooltip>
            ) : (
              link
            )}
          </li>
        );
      })}
    </ul>
  );
}
