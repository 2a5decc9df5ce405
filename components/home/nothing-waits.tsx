"use client";
import CircleCheck from "lucide-react/icons/circle-check";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Person } from "#lib/contract/people.ts";

const steps = {
  requester: [
    { id: "request", href: "/requests/new" },
    { id: "catalogue", href: "/connectors" },
  ],
  reviewer: [
    { id: "requests", href: "/requests" },
    { id: "denials", href: "/activity?types=denials" },
  ],
  auditor: [
    { id: "evidence", href: "/evidence" },
    { id: "activity", href: "/activity" },
  ],
  administrator: [
    { id: "people", href: "/settings" },
    { id: "tiers", href: "/settings?tab=tiers" },
  ],
} as const;

/** The empty queue, with what a person of these roles does next. */
export function NothingWaits({ roles }: { roles: Person["roles"] }) {
  const t = useTranslations("home");
  const kind = roles.includes("auditor")
    ? "auditor"
    : roles.some((role) => role.endsWith("_reviewer"))
      ? "reviewer"
      : roles.includes("administrator")
        ? "administrator"
        : "requester";
  return (
    <EmptyState
      icon={<CircleCheck size={20} aria-hidden />}
      title={t("emptyTitle")}
      body={t(`empty.${kind}`)}
      action={steps[kind].map(({ id, href }, index) => (
        <ButtonLink key={id} href={href as Route} variant={index === 0 ? "primary" : "secondary"}>
          {t(`next.${id}`)}
        </ButtonLink>
      ))}
    />
  );
}
