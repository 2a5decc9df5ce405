import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Shell } from "#components/shell/shell.tsx";
import { translator } from "#lib/messages/locale.ts";
import { isDemoHost } from "#lib/sign-in/demo.ts";
import { readSession } from "#lib/sign-in/session.ts";

/** The frame of every signed-in page. Sends the signed-out to sign in; what a person may see or do is decided by each operation. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const person = await readSession((name) => jar.get(name)?.value);
  if (!person) redirect("/sign-in");
  const t = translator("shell");
  return (
    <Shell
      person={{ name: person.name, roles: person.roles.map((role) => t(`roles.${role}`)) }}
      environment={isDemoHost() ? t("demo") : null}
      isRailCollapsed={jar.get("rail")?.value === "collapsed"}
    >
      {children}
    </Shell>
  );
}
