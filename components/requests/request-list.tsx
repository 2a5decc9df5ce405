"use client";
import Plus from "lucide-react/icons/plus";
import { useTranslations } from "use-intl";
import { RequestTable } from "#components/requests/request-table.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Tabs } from "#components/ui/tabs.tsx";

/** Requests: mine, those I may decide now, all that I may see. */
export function RequestList() {
  const t = useTranslations("requests");
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <ButtonLink href="/requests/new" variant="primary" icon={<Plus size={14} aria-hidden />}>
            {t("new")}
          </ButtonLink>
        }
      />
      <Tabs
        label={t("tabs.label")}
        tabs={(["mine", "queue", "all"] as const).map((view) => ({
          id: view,
          label: t(`tabs.${view}`),
          panel: <RequestTable view={view} />,
        }))}
      />
    </>
  );
}
