"use client";
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import Bookmark from "lucide-react/icons/bookmark";
import Keyboard from "lucide-react/icons/keyboard";
import Search from "lucide-react/icons/search";
import SunMoon from "lucide-react/icons/sun-moon";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { type ReactNode, useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { inventoryItems, navItems, sectionOf } from "#components/shell/nav-items.ts";
import { searchSlot } from "#components/shell/palette-commands.ts";
import { useProvided } from "#components/shell/slot.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { listOf, useSavedViews } from "#components/ui/saved-views.ts";
import { Spinner } from "#components/ui/spinner.tsx";

type CommandPaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onShowShortcuts: () => void };

/** Go anywhere, act on the open page, find anything by name. */
export function CommandPalette(props: CommandPaletteProps) {
  const t = useTranslations("shell.palette");
  return (
    <Dialog.Root open={props.open} onOpenChange={(next) => props.onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-backdrop transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed top-[12dvh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg bg-surface shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
          <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
          <Dialog.Description className="sr-only">{t("hint")}</Dialog.Description>
          <PaletteBody {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({ onOpenChange, onShowShortcuts }: CommandPaletteProps) {
  const t = useTranslations("shell");
  const p = useTranslations("shell.palette");
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const [query, setQuery] = useState("");
  const found = useFound(query);
  const views = useSavedViews();

  function run(act: () => void) {
    onOpenChange(false);
    act();
  }
  const listName = (path: string) => {
    const list = inventoryItems.find((item) => item.href === path);
    const section = sectionOf(path);
    return list ? t(`inventoryTabs.${list.id}`) : section ? t(`nav.${section.id}`) : path;
  };
  const nextTheme = resolvedTheme === "dark" ? "light" : "dark";
  const themeLabel = p(nextTheme === "dark" ? "darkTheme" : "lightTheme");

  return (
    <Command label={p("title")} loop>
      <div className="flex h-12 items-center gap-2 border-b px-4">
        {found.isSearching ? (
          <Spinner className="text-faint" />
        ) : (
          <Search size={15} aria-hidden className="text-faint" />
        )}
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={p("placeholder")}
          className="h-full min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-faint"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-muted text-sm">
          {found.isSearching ? p("searching") : p("empty", { query })}
        </Command.Empty>
        {found.hasFailed ? <p className="px-2 py-1.5 text-red text-sm">{p("failed")}</p> : null}
        {found.results.length > 0 ? (
          <Group heading={p("results")}>
            {found.results.map((result) => (
              <Item
                key={result.id}
                id={`found ${result.id}`}
                text={query}
                onSelect={() => run(() => router.push(result.href))}
              >
                <span className="isolated truncate">{result.label}</span>
                <span className="ml-2 text-faint">{result.kind}</span>
              </Item>
            ))}
          </Group>
        ) : null}
        {views.length > 0 ? (
          <Group heading={p("views")}>
            {views.map(({ name, href }) => (
              <Item
                key={`${href} ${name}`}
                id={`view ${href} ${name}`}
                text={name}
                icon={<Bookmark size={15} aria-hidden />}
                onSelect={() => run(() => router.push(href as Route))}
              >
                <span className="isolated truncate">{name}</span>
                <span className="ml-2 text-faint">{listName(listOf({ href }))}</span>
              </Item>
            ))}
          </Group>
        ) : null}
        <Group heading={p("goTo")}>
          {navItems.map(({ id, href, letter, icon: Icon }) => (
            <Item
              key={id}
              id={`go ${id}`}
              text={t(`nav.${id}`)}
              icon={<Icon size={15} aria-hidden />}
              keys={["g", letter]}
              onSelect={() => run(() => router.push(href))}
            >
              {t(`nav.${id}`)}
            </Item>
          ))}
          {inventoryItems.map(({ id, href }) => (
            <Item
              key={id}
              id={`list ${id}`}
              text={`${t("nav.inventory")} ${t(`inventoryTabs.${id}`)}`}
              onSelect={() => run(() => router.push(href))}
            >
              {t("nav.inventory")} <span className="px-1 text-faint">/</span> {t(`inventoryTabs.${id}`)}
            </Item>
          ))}
          <Item id="grants" text={p("grantsKeywords")} onSelect={() => run(() => router.push("/grants" as Route))}>
            {t("nav.access")} <span className="px-1 text-faint">/</span> {p("grants")}
          </Item>
          <Item
            id="theme"
            text={themeLabel}
            icon={<SunMoon size={15} aria-hidden />}
            onSelect={() => run(() => setTheme(nextTheme))}
          >
            {themeLabel}
          </Item>
          <Item
            id="shortcuts"
            text={p("shortcuts")}
            icon={<Keyboard size={15} aria-hidden />}
            keys={["?"]}
            onSelect={() => run(onShowShortcuts)}
          >
            {p("shortcuts")}
          </Item>
        </Group>
      </Command.List>
    </Command>
  );
}

/** Asks the provided search, if any, for two letters and more. */
function useFound(text: string) {
  const search = useProvided(searchSlot)[0];
  const query = useDeferredValue(text.trim());
  const answer = useQuery({
    queryKey: ["palette", query],
    queryFn: ({ signal }) => search?.(query, signal) ?? [],
    enabled: search !== undefined && query.length >= 2,
    placeholderData: (previous) => previous,
    retry: false,
  });
  const isAsked = search !== undefined && query.length >= 2;
  return {
    results: isAsked ? (answer.data ?? []) : [],
    isSearching: answer.isFetching,
    hasFailed: isAsked && answer.isError,
  };
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-sm"
    >
      {children}
    </Command.Group>
  );
}

function Item(props: {
  id: string;
  text: string;
  icon?: ReactNode;
  keys?: readonly string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={props.id}
      keywords={[props.text]}
      onSelect={props.onSelect}
      className="flex h-9 select-none items-center gap-2.5 rounded-md px-2 text-ink text-sm data-[selected=true]:bg-subtle"
    >
      <span className="flex w-4 shrink-0 justify-center text-faint">{props.icon}</span>
      <span className="flex min-w-0 flex-1 items-center truncate">{props.children}</span>
      {props.keys?.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </Command.Item>
  );
}
