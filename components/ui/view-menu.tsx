"use client";
import Bookmark from "lucide-react/icons/bookmark";
import X from "lucide-react/icons/x";
import type { Route } from "next";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { listOf, removeView, saveView, useSavedViews } from "#components/ui/saved-views.ts";

const nameMax = 60;

/** Saved views of the list that is open: go to one, name what is shown now, forget one. */
export function ViewMenu() {
  const t = useTranslations("ui.views");
  const path = usePathname();
  const views = useSavedViews().filter((view) => listOf(view) === path);
  const [isOpen, setIsOpen] = useState(false);
  const entries: MenuEntry[] = [
    ...views.map(({ name, href }) => ({ id: name, label: name, href: href as Route })),
    ...(views.length > 0 ? (["separator"] as const) : []),
    { id: "save", label: views.length > 0 ? t("saveOrRemove") : t("save"), onSelect: () => setIsOpen(true) },
  ];
  return (
    <>
      <Menu trigger={<IconButton label={t("title")} icon={<Bookmark size={15} aria-hidden />} />} entries={entries} />
      <Dialog open={isOpen} onOpenChange={setIsOpen} title={t("title")} description={t("description")}>
        <div className="flex flex-col gap-4">
          <SaveForm onSaved={() => setIsOpen(false)} path={path} />
          {views.length > 0 ? (
            <ul aria-label={t("title")} className="flex flex-col divide-y rounded-md border text-sm">
              {views.map((view) => (
                <li key={view.name} className="flex items-center justify-between gap-2 py-0.5 pr-1 pl-3">
                  <span className="isolated min-w-0 truncate">{view.name}</span>
                  <IconButton
                    label={t("remove", { name: view.name })}
                    icon={<X size={14} aria-hidden />}
                    onClick={() => removeView(view)}
                  />
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      </Dialog>
    </>
  );
}

function SaveForm({ path, onSaved }: { path: string; onSaved: () => void }) {
  const t = useTranslations("ui.views");
  const [name, setName] = useState("");
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "") return;
        saveView({ name: name.trim(), href: `${path}${window.location.search}` });
        onSaved();
      }}
    >
      <Field label={t("name")} className="flex-1">
        <Input maxLength={nameMax} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Button type="submit" variant="primary" disabled={name.trim() === ""}>
        {t("saveNow")}
      </Button>
    </form>
  );
}
