"use client";
import { useTranslations } from "use-intl";
import type { z } from "zod";
import { isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { tierDiff } from "#components/settings/tier-diff.ts";
import { useAct } from "#components/shell/confirm-act.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Sheet } from "#components/ui/dialog.tsx";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TierSettings } from "#lib/contract/settings.ts";
import { stageKinds } from "#lib/core/review/stages.ts";
import { tiers } from "#lib/core/review/tier.ts";

type Settings = z.infer<typeof TierSettings>;
type Tier = (typeof tiers)[number];
type Rules = Settings[Tier];

/** Proposes other tiers: says field by field what would change before it is sent. */
export function EditTiers({ inForce }: { inForce: Settings }) {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const form = useForm("tiers.update", {
    key: "edit-tiers",
    empty: { settings: inForce, reason: "" },
    onDone: () => setAct(null),
  });
  const { settings, reason } = form.values;
  const isValid = TierSettings.safeParse(settings).success;
  const changes = tierDiff(inForce, settings);
  return (
    <Sheet
      open={act === "edit-tiers"}
      onOpenChange={(open) => {
        if (!open) setAct(null);
      }}
      className="w-[min(44rem,calc(100vw-2rem))]!"
      title={t("tiers.editTitle")}
      description={t("twoPersons")}
      footer={
        <>
          <Button onClick={() => setAct(null)}>{t("cancel")}</Button>
          <Button
            variant="primary"
            loading={form.send.isPending}
            onClick={() => {
              form.setTried(true);
              if (isValid && changes.length > 0 && isReason(reason)) {
                form.send.mutate({ settings, reason: reason.trim() });
              }
            }}
          >
            {t("propose")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {tiers.map((tier) => (
          <TierFields
            key={tier}
            tier={tier}
            rules={settings[tier]}
            onChange={(rules) => form.set({ settings: { ...settings, [tier]: rules } })}
          />
        ))}
        <section aria-label={t("tiers.whatChanges")} className="flex flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">{t("tiers.whatChanges")}</h3>
          {changes.length === 0 ? (
            <p className={form.tried ? "text-red text-sm" : "text-muted text-sm"}>{t("tiers.nothing")}</p>
          ) : (
            <DiffView label={t("tiers.whatChanges")} changes={changes} />
          )}
        </section>
        <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
        {form.send.error ? <FailureNotice error={form.send.error} /> : null}
      </div>
    </Sheet>
  );
}

function TierFields({ tier, rules, onChange }: { tier: Tier; rules: Rules; onChange: (rules: Rules) => void }) {
  const t = useTranslations("settings.tiers");
  return (
    <FieldGroup label={t(tier)}>
      <div className="flex flex-col gap-3 rounded-md border p-3">
        {stageKinds.map((kind) => (
          <StageFields key={kind} kind={kind} rules={rules} onChange={onChange} />
        ))}
        <div className="grid grid-cols-2 gap-3 border-t pt-3">
          <Count
            label={t("dueLabel")}
            value={rules.dueWorkingDays}
            min={1}
            max={60}
            onChange={(dueWorkingDays) => onChange({ ...rules, dueWorkingDays })}
          />
          <Count
            label={t("grantLabel")}
            value={rules.grantMaxDays}
            min={1}
            max={365}
            onChange={(grantMaxDays) => onChange({ ...rules, grantMaxDays })}
          />
        </div>
        {rules.stages.length === 0 ? <Notice tone="red">{t("oneStage")}</Notice> : null}
      </div>
    </FieldGroup>
  );
}

type StageFieldsProps = { kind: (typeof stageKinds)[number]; rules: Rules; onChange: (rules: Rules) => void };

function StageFields({ kind, rules, onChange }: StageFieldsProps) {
  const t = useTranslations("settings.tiers");
  const stage = rules.stages.find((one) => one.kind === kind);
  const others = rules.stages.filter((one) => one.kind !== kind).map((one) => one.kind);

  function put(quorum: number, isAfter: boolean) {
    const next = stageKinds.flatMap((one) => {
      const known = rules.stages.find((existing) => existing.kind === one);
      if (one !== kind) return known === undefined ? [] : [without(known, quorum === 0 ? kind : null)];
      if (quorum === 0) return [];
      const after = (known?.after?.length ? known.after : others).filter((other) => others.includes(other));
      return [{ kind, quorum, ...(isAfter && after.length > 0 ? { after } : {}) }];
    });
    onChange({ ...rules, stages: next });
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Checkbox
        className="w-40"
        checked={stage !== undefined}
        label={t(`stage.${kind}`)}
        onChange={(checked) => put(checked ? 1 : 0, false)}
      />
      {stage === undefined ? (
        <span className="text-faint text-sm">{t("off")}</span>
      ) : (
        <>
          <Count
            label={t("quorum", { stage: t(`stage.${kind}`) })}
            hideLabel
            value={stage.quorum}
            min={1}
            max={10}
            onChange={(quorum) => put(quorum, (stage.after?.length ?? 0) > 0)}
          />
          <Checkbox
            checked={(stage.after?.length ?? 0) > 0}
            label={t("afterOthers")}
            disabled={others.length === 0}
            onChange={(checked) => put(stage.quorum, checked)}
          />
        </>
      )}
    </div>
  );
}

/** A stage that no longer comes after one that is gone. */
function without(stage: Rules["stages"][number], gone: (typeof stageKinds)[number] | null): Rules["stages"][number] {
  const { after, ...rest } = stage;
  const left = after?.filter((kind) => kind !== gone) ?? [];
  return left.length === 0 ? rest : { ...rest, after: left };
}

type CountProps = {
  label: string;
  hideLabel?: boolean;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
};

function Count({ label, hideLabel = false, value, min, max, onChange }: CountProps) {
  const t = useTranslations("settings.tiers");
  const isWrong = !Number.isInteger(value) || value < min || value > max;
  return (
    <Field
      label={label}
      hideLabel={hideLabel}
      error={isWrong ? t("range", { min, max }) : undefined}
      className={hideLabel ? "w-20" : ""}
    >
      <Input
        type="number"
        min={min}
        max={max}
        value={value}
        onChange={(event) => onChange(Math.max(event.currentTarget.valueAsNumber || min, min))}
      />
    </Field>
  );
}
