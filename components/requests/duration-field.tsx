"use client";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

const usual = [7, 30, 90, 180] as const;

/** For how many days. */
export function DurationField(props: {
  value: number | undefined;
  onChange: (days: number | undefined) => void;
  error: string | undefined;
}) {
  const t = useTranslations("requests.form.purpose");
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Field label={t("duration")} hint={t("durationHint")} error={props.error} className="w-40">
        <Input
          type="number"
          min={1}
          max={365}
          value={props.value ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            props.onChange(value === "" ? undefined : Math.trunc(Number(value)));
          }}
        />
      </Field>
      <span className="flex flex-wrap gap-1 sm:mt-6">
        {usual.map((days) => (
          <Button
            key={days}
            variant="ghost"
            aria-pressed={props.value === days}
            className={props.value === days ? "bg-pressed!" : ""}
            onClick={() => props.onChange(days)}
          >
            {t("durationDays", { days })}
          </Button>
        ))}
      </span>
    </div>
  );
}
