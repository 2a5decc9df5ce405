"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { useGlobalKeys } from "#components/shell/keyboard.ts";
import type { Person } from "#components/shell/person-menu.tsx";
import { Rail } from "#components/shell/rail.tsx";
import { TopLine } from "#components/shell/top-line.tsx";

const CommandPalette = dynamic(
  () => import("#components/shell/command-palette.tsx").then((module) => module.CommandPalette),
  { ssr: false },
);
const ShortcutSheet = dynamic(
  () => import("#components/shell/shortcut-sheet.tsx").then((module) => module.ShortcutSheet),
  { ssr: false },
);

type ShellProps = {
  person: Person;
  /** Shown beside the search when the instance is not the real one ("Demo"). */
  environment: string | null;
  /** From the `rail` cookie. */
  isRailCollapsed: boolean;
  /** Between theme and person. */
  notifications?: ReactNode;
  children: ReactNode;
};

/** The frame of every signed-in page: rail, top line, palette, keys. */
export function Shell({ person, environment, isRailCollapsed, notifications, children }: ShellProps) {
  const t = useTranslations("shell");
  const [isCollapsed, setIsCollapsed] = useState(isRailCollapsed);
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const [wasPaletteOpened, setWasPaletteOpened] = useState(false);
  const [wasSheetOpened, setWasSheetOpened] = useState(false);

  function openPalette() {
    setWasPaletteOpened(true);
    setIsPaletteOpen(true);
  }
  function openSheet() {
    setWasSheetOpened(true);
    setIsSheetOpen(true);
  }
  useGlobalKeys({ onPalette: openPalette, onSheet: openSheet });

  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-1.5 font-medium text-canvas text-sm focus:translate-y-0"
      >
        {t("skipToContent")}
      </a>
      <Rail
        isCollapsed={isCollapsed}
        onToggle={() => {
          // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every supported browser
          document.cookie = `rail=${isCollapsed ? "open" : "collapsed"}; path=/; max-age=31536000; samesite=lax`;
          setIsCollapsed(!isCollapsed);
        }}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopLine person={person} environment={environment} notifications={notifications} onOpenPalette={openPalette} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full min-w-0 max-w-360 flex-1 px-4 py-5 outline-none md:px-6"
        >
          {children}
        </main>
      </div>
      {wasPaletteOpened ? (
        <CommandPalette open={isPaletteOpen} onOpenChange={setIsPaletteOpen} onShowShortcuts={openSheet} />
      ) : null}
      {wasSheetOpened ? <ShortcutSheet open={isSheetOpen} onOpenChange={setIsSheetOpen} /> : null}
    </div>
  );
}
