import type { LucideIcon } from "lucide-react";
import Activity from "lucide-react/icons/activity";
import FileCheck from "lucide-react/icons/file-check-2";
import House from "lucide-react/icons/house";
import Inbox from "lucide-react/icons/inbox";
import Server from "lucide-react/icons/server";
import Settings from "lucide-react/icons/settings-2";
import Waypoints from "lucide-react/icons/waypoints";
import type { Route } from "next";

/** Sections of the console. */
export type NavId = "home" | "requests" | "inventory" | "access" | "activity" | "evidence" | "settings";

/** A section: where it is, which paths belong to it, which letter after `g` goes there. */
export type NavItem = { id: NavId; href: Route; paths: readonly string[]; letter: string; icon: LucideIcon };

/** The sections in the order of the rail. */
export const navItems: readonly NavItem[] = [
  { id: "home", href: "/", paths: ["/"], letter: "h", icon: House },
  { id: "requests", href: "/requests" as Route, paths: ["/requests"], letter: "r", icon: Inbox },
  {
    id: "inventory",
    href: "/connectors" as Route,
    paths: ["/connectors", "/tools", "/agents", "/owners"],
    letter: "i",
    icon: Server,
  },
  { id: "access", href: "/access" as Route, paths: ["/access", "/grants"], letter: "a", icon: Waypoints },
  { id: "activity", href: "/activity" as Route, paths: ["/activity"], letter: "v", icon: Activity },
  { id: "evidence", href: "/evidence" as Route, paths: ["/evidence"], letter: "e", icon: FileCheck },
  { id: "settings", href: "/settings" as Route, paths: ["/settings"], letter: "s", icon: Settings },
];

/** The lists under Inventory. */
export const inventoryItems = [
  { id: "connectors", href: "/connectors" as Route },
  { id: "tools", href: "/tools" as Route },
  { id: "agents", href: "/agents" as Route },
  { id: "owners", href: "/owners" as Route },
] as const;

/** The section a path belongs to. */
export function sectionOf(path: string): NavItem | undefined {
  return navItems.find((item) =>
    item.paths.some((prefix) => path === prefix || (prefix !== "/" && path.startsWith(`${prefix}/`))),
  );
}
