"use client";
import { useTranslations } from "use-intl";
import { DraftFrame } from "#components/requests/draft-frame.tsx";
import { useDraftPreview } from "#components/requests/draft-preview.ts";
import { type SavedDraft, useDraft } from "#components/requests/draft-state.ts";
import { IntendedUse } from "#components/requests/intended-use.tsx";
import { NameFields } from "#components/requests/name-fields.tsx";
import { PersonPicker } from "#components/requests/person-picker.tsx";
import { useProbe } from "#components/requests/probe-state.ts";
import { classifications } from "#components/requests/request-words.ts";
import { ToolPicker } from "#components/requests/tool-picker.tsx";
import { WhatSection } from "#components/requests/what-section.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ProbeResult } from "#lib/contract/probes.ts";

/** Asking for a new connector: four short sections that open as the inspection answers. */
export function ConnectorForm({ initial, isAgain }: { initial: SavedDraft<"connector"> | null; isAgain: boolean }) {
  const t = useTranslations("requests");
  const draft = useDraft("connector", initial, { durationDays: 90 });
  const { form, change } = draft;
  const preview = useDraftPreview(draft);
  const probe = useProbe(form.probeId);
  const inspected = probe.data?.result?.outcome === "ok" ? probe.data.result : null;
  return (
    <DraftFrame kind="connector" draft={draft} preview={preview} isAgain={isAgain}>
      <WhatSection
        target={form.target}
        probe={probe.data}
        probeError={probe.error}
        probeId={form.probeId}
        credentialId={form.credentialId}
        isNew={!isAgain}
        onProbe={(probeId, target, credentialId) => change({ probeId, target, credentialId })}
      >
        {inspected ? (
          <NameFields form={form} change={change} problemAt={preview.problemAt} server={serverName(inspected)} />
        ) : null}
      </WhatSection>
      <Section title={t("form.purpose.title")}>
        {inspected ? (
          <div className="flex flex-col gap-5">
            <ToolPicker
              tools={inspected.tools}
              findings={inspected.findings}
              value={form.tools ?? []}
              onChange={(tools) => change({ tools })}
              error={preview.problemAt("tools")}
            />
            <IntendedUse
              form={form}
              change={change}
              problemAt={preview.problemAt}
              reference={
                <Field
                  label={t("form.purpose.ticket")}
                  hint={t("form.purpose.ticketHint")}
                  optional
                  className="max-w-80"
                >
                  <Input
                    maxLength={200}
                    value={form.ticket ?? ""}
                    onChange={(event) => change({ ticket: event.currentTarget.value || undefined })}
                  />
                </Field>
              }
              data={
                <Field label={t("form.purpose.classification")} error={preview.problemAt("classification")}>
                  <Select
                    className="max-w-80"
                    value={form.classification ?? null}
                    onChange={(classification) => change({ classification })}
                    options={classifications.map((value) => ({
                      value,
                      label: t(`classification.${value}`),
                      detail: t(`classificationMeaning.${value}`),
                    }))}
                  />
                </Field>
              }
            />
          </div>
        ) : (
          <p className="text-faint text-sm">{t("form.purpose.waiting")}</p>
        )}
      </Section>
      <Section title={t("form.owners.title")} description={t("form.owners.description")}>
        {inspected ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label={t("form.owners.accountable")}
              hint={t("form.owners.accountableHint")}
              error={preview.problemAt("accountableOwnerId")}
            >
              <PersonPicker
                value={form.accountableOwnerId}
                onChange={(accountableOwnerId) => change({ accountableOwnerId })}
              />
            </Field>
            <Field
              label={t("form.owners.technical")}
              hint={t("form.owners.technicalHint")}
              optional
              error={preview.problemAt("technicalOwnerId")}
            >
              <PersonPicker
                value={form.technicalOwnerId}
                onChange={(technicalOwnerId) => change({ technicalOwnerId })}
              />
            </Field>
          </div>
        ) : (
          <p className="text-faint text-sm">{t("form.purpose.waiting")}</p>
        )}
      </Section>
    </DraftFrame>
  );
}

function serverName({ identity }: Extract<ProbeResult, { outcome: "ok" }>): string {
  const info = identity.serverInfo;
  if (typeof info !== "object" || info === null) return "";
  const { title, name } = info as Record<string, unknown>;
  return typeof title === "string" && title !== "" ? title : typeof name === "string" ? name : "";
}
