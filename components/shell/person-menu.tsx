"use client";
import LogOut from "lucide-react/icons/log-out";
import { useTranslations } from "use-intl";
import { Avatar } from "#components/ui/avatar.tsx";
import { keepFor } from "#components/ui/kept-state.ts";
import { Menu } from "#components/ui/menu.tsx";

/** Who is signed in: the name, and the roles in words. */
export type Person = { name: string; roles: readonly string[] };

/** The person, their roles, and the way out. */
export function PersonMenu({ person }: { person: Person }) {
  const t = useTranslations("shell.person");
  return (
    <Menu
      trigger={
        <button type="button" className="flex size-8 items-center justify-center rounded-md hover:bg-subtle">
          <Avatar name={person.name} size={24} />
          <span className="sr-only">{t("menu", { name: person.name })}</span>
        </button>
      }
      entries={[
        {
          id: "who",
          heading: (
            <>
              <span className="block font-medium text-ink">{person.name}</span>
              <span>{person.roles.length > 0 ? person.roles.join(", ") : t("noRoles")}</span>
            </>
          ),
        },
        "separator",
        { id: "sign-out", label: t("signOut"), icon: <LogOut size={14} aria-hidden />, onSelect: () => void leave() },
      ]}
    />
  );
}

async function leave(): Promise<void> {
  keepFor(null);
  const { signOut } = await import("next-auth/react");
  await signOut({ callbackUrl: "/sign-in" });
}
