"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { GrantsTable } from "#components/grants/grants-table.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

/** All grants that the person may see. */
export function GrantsView() {
  const t = useTranslations("access");
  useBreadcrumb([{ label: t("grant.title") }]);
  const request = (
    <ButtonLink href={"/requests/new?kind=grant" as Route} variant="primary">
      {t("requestGrant")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("grant.title")} actions={request} />
      <GrantsTable filter={{}} action={request} />
    </>
  );
}
