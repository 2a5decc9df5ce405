"use client";
import Monitor from "lucide-react/icons/monitor";
import Moon from "lucide-react/icons/moon";
import Sun from "lucide-react/icons/sun";
import { useTheme } from "next-themes";
import { useTranslations } from "use-intl";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";

/** Light, dark, or as the system. The icon follows the theme by CSS, so that the server's page already fits. */
export function ThemeMenu() {
  const t = useTranslations("shell.theme");
  const { setTheme } = useTheme();
  return (
    <Menu
      trigger={
        <IconButton
          label={t("label")}
          icon={
            <>
              <Sun size={16} aria-hidden className="dark:hidden" />
              <Moon size={16} aria-hidden className="hidden dark:block" />
            </>
          }
        />
      }
      entries={[
        { id: "light", label: t("light"), icon: <Sun size={14} aria-hidden />, onSelect: () => setTheme("light") },
        { id: "dark", label: t("dark"), icon: <Moon size={14} aria-hidden />, onSelect: () => setTheme("dark") },
        {
          id: "system",
          label: t("system"),
          icon: <Monitor size={14} aria-hidden />,
          onSelect: () => setTheme("system"),
        },
      ]}
    />
  );
}
