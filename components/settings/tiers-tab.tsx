"use client";
import { useTranslations } from "use-intl";
import type { z } from "zod";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { EditTiers } from "#components/settings/edit-tiers.tsx";
import { useMay } from "#components/settings/may.ts";
import { OthersRead } from "#components/settings/others-read.tsx";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { Section } from "#components/ui/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { TierSettings } from "#lib/contract/settings.ts";
import { tiers } from "#lib/core/review/tier.ts";

/** Tiers with who decides, how fast, and for how long. */
export function TiersTab() {
  const may = useMay();
  return may("setting:read") ? <TierTable /> : <OthersRead />;
}

function TierTable() {
  const t = useTranslations("settings.tiers");
  const table = useTranslations("ui.table");
  const may = useMay();
  const [, setAct] = useAct();
  const inForce = useQueryFor("tiers.get", {});
  const mayEdit = may("tier:update");
  if (inForce.isError) return <ErrorState onRetry={() => void inForce.refetch()} retrying={inForce.isFetching} />;
  return (
    <>
      <TabIntro
        action={mayEdit && inForce.data ? <Button onClick={() => setAct("edit-tiers")}>{t("edit")}</Button> : null}
      >
        {t("description")}
      </TabIntro>
      {inForce.isPending ? (
        <Skeleton className="h-56 w-full" />
      ) : (
        <>
          <PendingChanges subjectIds={[`tiers_${inForce.data.version + 1}`]} />
          <Section
            title={t("label")}
            aside={
              <>
                {t("version", { version: inForce.data.version })} · <RelativeTime value={inForce.data.createdAt} />
              </>
            }
            flush
          >
            <ScrollRegion label={table("region", { label: t("label") })} className="overflow-x-auto">
              <table className="w-full min-w-150 text-left text-sm">
                <thead>
                  <tr className="text-muted">
                    {(["tier", "stages", "due", "grant"] as const).map((column) => (
                      <th key={column} scope="col" className="h-9 border-b px-4 font-normal">
                        {t(column)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y">
                  {tiers.map((tier) => (
                    <TierRow key={tier} tier={tier} settings={inForce.data.settings} />
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          </Section>
          {mayEdit ? <EditTiers inForce={inForce.data.settings} /> : null}
        </>
      )}
    </>
  );
}

function TierRow({ tier, settings }: { tier: (typeof tiers)[number]; settings: z.infer<typeof TierSettings> }) {
  const t = useTranslations("settings.tiers");
  const { stages, dueWorkingDays, grantMaxDays } = settings[tier];
  return (
    <tr className="align-top text-ink">
      <th scope="row" className="px-4 py-2.5 font-medium">
        {t(tier)}
      </th>
      <td className="px-4 py-2.5">
        <ul className="flex flex-col gap-0.5">
          {stages.map(({ kind, quorum, after = [] }) => (
            <li key={kind}>
              {t(`stage.${kind}`)}: {t("people", { count: quorum })}
              {after.length === 0 ? null : (
                <span className="text-faint">
                  {" "}
                  {t("after", { stages: after.map((one) => t(`stage.${one}`)).join(", ") })}
                </span>
              )}
            </li>
          ))}
        </ul>
      </td>
      <td className="whitespace-nowrap px-4 py-2.5">{t("dueValue", { days: dueWorkingDays })}</td>
      <td className="whitespace-nowrap px-4 py-2.5">{t("grantValue", { days: grantMaxDays })}</td>
    </tr>
  );
}
