"use client";
import { useTranslations } from "use-intl";
import { ConnectorPicker } from "#components/requests/connector-picker.tsx";
import type { DraftForm } from "#components/requests/draft-form.ts";
import { DraftFrame } from "#components/requests/draft-frame.tsx";
import { useDraftPreview } from "#components/requests/draft-preview.ts";
import { type SavedDraft, useDraft } from "#components/requests/draft-state.ts";
import { IntendedUse } from "#components/requests/intended-use.tsx";
import { useProbe } from "#components/requests/probe-state.ts";
import { ToolPicker } from "#components/requests/tool-picker.tsx";
import { WhatSection } from "#components/requests/what-section.tsx";
import { Field } from "#components/ui/field.tsx";
import { Section } from "#components/ui/section.tsx";

type VersionFormProps = { initial: SavedDraft<"version"> | null; start: DraftForm<"version">; isAgain: boolean };

/** Asking for a new version of a registered connector: inspected again, with the tools wanted from it. */
export function VersionForm({ initial, start, isAgain }: VersionFormProps) {
  const t = useTranslations("requests.form");
  const draft = useDraft("version", initial, start);
  const { form, change } = draft;
  const preview = useDraftPreview(draft);
  const probe = useProbe(form.probeId);
  const inspected = probe.data?.result?.outcome === "ok" ? probe.data.result : null;
  return (
    <DraftFrame kind="version" draft={draft} preview={preview} isAgain={isAgain}>
      <Section title={t("grant.connector")}>
        <Field label={t("grant.connector")} hideLabel error={preview.problemAt("connectorId")}>
          <ConnectorPicker value={form.connectorId} onChange={(connectorId) => change({ connectorId })} />
        </Field>
      </Section>
      <WhatSection
        target={probe.data?.target}
        probe={probe.data}
        probeError={probe.error}
        probeId={form.probeId}
        credentialId={undefined}
        isNew={false}
        onProbe={(probeId) => change({ probeId })}
      >
        {null}
      </WhatSection>
      <Section title={t("purpose.title")}>
        {inspected ? (
          <div className="flex flex-col gap-5">
            <ToolPicker
              tools={inspected.tools}
              findings={inspected.findings}
              value={form.tools ?? []}
              onChange={(tools) => change({ tools })}
              error={preview.problemAt("tools")}
            />
            <IntendedUse form={form} change={change} problemAt={preview.problemAt} />
          </div>
        ) : (
          <p className="text-faint text-sm">{t("purpose.waiting")}</p>
        )}
      </Section>
    </DraftFrame>
  );
}
