"use client";
import { useTranslations } from "use-intl";
import { navItems } from "#components/shell/nav-items.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

/** All keys, by place. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("shell");
  const s = useTranslations("shell.shortcuts");
  const groups = [
    {
      title: s("general"),
      keys: [
        { keys: ["⌘K", "Ctrl K"], label: s("palette") },
        { keys: ["/"], label: s("search") },
        { keys: ["?"], label: s("sheet") },
      ],
    },
    {
      title: s("lists"),
      keys: [
        { keys: ["j"], label: s("nextRow") },
        { keys: ["k"], label: s("previousRow") },
        { keys: ["Enter"], label: s("open") },
        { keys: ["x"], label: s("select") },
      ],
    },
    {
      title: s("review"),
      keys: [
        { keys: ["a"], label: s("approve") },
        { keys: ["c"], label: s("changes") },
        { keys: ["r"], label: s("deny") },
      ],
    },
    { title: s("pages"), keys: navItems.map((item) => ({ keys: ["g", item.letter], label: t(`nav.${item.id}`) })) },
  ];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={s("title")}
      description={s("hint")}
      className="w-[min(40rem,calc(100vw-2rem))]!"
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h3 className="mb-1 font-medium text-faint text-sm">{group.title}</h3>
            <dl>
              {group.keys.map((entry) => (
                <div key={entry.label} className="flex min-h-7 items-center justify-between gap-4 text-sm">
                  <dt className="text-ink">{entry.label}</dt>
                  <dd className="flex gap-1">
                    {entry.keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
