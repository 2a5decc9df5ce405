"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Section } from "#components/ui/section.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor } from "#lib/client/queries.ts";

const periods = ["last7", "last30", "last90", "custom"] as const;
const dayMs = 86_400_000;
const daysOf = { last7: 7, last30: 30, last90: 90 } as const;

/** Starts the export of a period. */
export function ExportPack() {
  const t = useTranslations("evidence.export");
  const [asked, set] = useQueryStates({
    period: parseAsStringLiteral(periods).withDefault("last30"),
    from: parseAsString.withDefault(""),
    to: parseAsString.withDefault(""),
  });
  const start = useMutationFor("evidence.export", { onSuccess: () => toast({ title: t("started") }) });
  const isCustom = asked.period === "custom";
  const isWrong = isCustom && asked.from !== "" && asked.to !== "" && asked.from >= asked.to;
  const isOpen = isCustom && (asked.from === "" || asked.to === "");

  function submit() {
    if (isWrong || isOpen) return;
    const now = Date.now();
    const input =
      asked.period === "custom"
        ? { from: `${asked.from}T00:00:00.000Z`, to: `${asked.to}T00:00:00.000Z` }
        : { from: new Date(now - daysOf[asked.period] * dayMs).toISOString(), to: new Date(now).toISOString() };
    start.mutate(input);
  }

  return (
    <Section title={t("title")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <RadioGroup
          label={t("period")}
          value={asked.period}
          onChange={(period) => void set({ period })}
          options={periods.map((value) => ({
            value,
            label: t(value),
            ...(value === "custom"
              ? {
                  body: (
                    <div className="grid grid-cols-2 gap-2">
                      <Field label={t("from")}>
                        <Input
                          type="date"
                          value={asked.from}
                          onChange={(event) => void set({ from: event.currentTarget.value })}
                        />
                      </Field>
                      <Field label={t("to")} error={isWrong ? t("order") : undefined}>
                        <Input
                          type="date"
                          value={asked.to}
                          onChange={(event) => void set({ to: event.currentTarget.value })}
                        />
                      </Field>
                    </div>
                  ),
                }
              : {}),
          }))}
        />
        {start.error ? <FailureNotice error={start.error} /> : null}
        <div>
          <Button type="submit" variant="primary" loading={start.isPending} disabled={isWrong || isOpen}>
            {t("act")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
