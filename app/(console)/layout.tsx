import type { Route } from "next";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Notifications } from "#components/notifications/notifications.tsx";
import { EstateSearch } from "#components/shell/estate-search.ts";
import { KeptFor } from "#components/shell/kept-for.tsx";
import { Shell } from "#components/shell/shell.tsx";
import { translator } from "#lib/messages/locale.ts";
import { isDemoHost } from "#lib/sign-in/demo.ts";
import { currentPerson } from "./current-person.ts";

/** The frame of every signed-in page. Sends the signed-out to sign in; what a person may see or do is decided by each operation. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const person = await currentPerson();
  if (!person) {
    const path = (await headers()).get("x-ambit-path") ?? "/";
    redirect((path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`) as Route);
  }
  const t = translator("shell");
  return (
    <Shell
      person={{ name: person.name, roles: person.roles.map((role) => t(`roles.${role}`)) }}
      environment={isDemoHost() ? t("demo") : null}
      isRailCollapsed={(await cookies()).get("rail")?.value === "collapsed"}
      notifications={<Notifications />}
    >
      <KeptFor key={person.id} personId={person.id} />
      <EstateSearch />
      {children}
    </Shell>
  );
}
