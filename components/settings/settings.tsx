"use client";
import { useTranslations } from "use-intl";
import { AwayTab } from "#components/settings/away-tab.tsx";
import { ChangesTab } from "#components/settings/changes-tab.tsx";
import { EgressTab } from "#components/settings/egress-tab.tsx";
import { PeopleTab } from "#components/settings/people-tab.tsx";
import { TeamsTab } from "#components/settings/teams-tab.tsx";
import { TiersTab } from "#components/settings/tiers-tab.tsx";
import { TokensTab } from "#components/settings/tokens-tab.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** People and rules of the instance, what waits for a second person, and one's own tokens and delegates. */
export function Settings() {
  const t = useTranslations("settings");
  const waiting = useQueryFor("changes.list", { state: "proposed", limit: 200 });
  const count = waiting.data?.items.filter((change) => change.mayConfirm).length ?? 0;
  return (
    <>
      <PageHeader title={t("title")} />
      <Tabs
        label={t("sections")}
        tabs={[
          { id: "people", label: t("tab.people"), panel: <PeopleTab /> },
          { id: "teams", label: t("tab.teams"), panel: <TeamsTab /> },
          { id: "tiers", label: t("tab.tiers"), panel: <TiersTab /> },
          { id: "egress", label: t("tab.egress"), panel: <EgressTab /> },
          {
            id: "changes",
            label: t("tab.changes"),
            ...(count > 0 ? { count } : {}),
            panel: <ChangesTab />,
          },
          { id: "tokens", label: t("tab.tokens"), panel: <TokensTab /> },
          { id: "away", label: t("tab.away"), panel: <AwayTab /> },
        ]}
      />
    </>
  );
}
