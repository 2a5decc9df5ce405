"use client";
import { useTranslations } from "use-intl";
import { Inspection } from "#components/requests/inspection.tsx";
import { useProbe } from "#components/requests/probe-state.ts";
import { TargetText } from "#components/requests/target-picker.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";

/** One inspection by its link: where a platform reviewer releases a package. */
export function ProbePage({ probeId }: { probeId: string }) {
  const t = useTranslations("requests.form.probe");
  const probe = useProbe(probeId);
  return (
    <>
      <PageHeader title={t("title")} description={probe.data ? <TargetText target={probe.data.target} /> : undefined} />
      <Section title={t("stages")}>
        <Inspection probe={probe.data} error={probe.error} />
      </Section>
    </>
  );
}
