"use client";
import { useTranslations } from "use-intl";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Switch } from "#components/ui/switch.tsx";

export type Rate = { calls: number; perSeconds: number } | null;

const units = { minute: 60, hour: 3600, day: 86_400 } as const;
type Unit = keyof typeof units;

/** How often the tools may be called, or as often as one likes. */
export function RateField({ value, onChange }: { value: Rate; onChange: (rate: Rate) => void }) {
  const t = useTranslations("requests.form.purpose");
  const names = Object.keys(units) as Unit[];
  const unit = names.find((name) => units[name] === value?.perSeconds) ?? "minute";
  return (
    <div className="flex flex-col gap-2">
      <Switch
        label={t("rate")}
        checked={value !== null}
        onChange={(isLimited) => onChange(isLimited ? { calls: 60, perSeconds: units.minute } : null)}
      />
      {value === null ? null : (
        <div className="flex max-w-80 gap-2">
          <Field label={t("rateCalls")} className="flex-1">
            <Input
              type="number"
              min={1}
              max={1_000_000}
              value={value.calls}
              onChange={(event) =>
                onChange({ ...value, calls: Math.max(1, Math.trunc(Number(event.currentTarget.value))) })
              }
            />
          </Field>
          <Field label={t("ratePer")} className="flex-1">
            <Select
              value={unit}
              onChange={(next) => onChange({ ...value, perSeconds: units[next] })}
              options={names.map((name) => ({ value: name, label: t(`rateUnit.${name}`) }))}
            />
          </Field>
        </div>
      )}
    </div>
  );
}
