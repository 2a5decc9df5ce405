"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { ActDialog, isReason } from "#components/shell/act-dialog.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { useSayDone } from "#components/shell/say-done.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FieldGroup } from "#components/ui/field.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import { Effect, type Tool, ToolLabel } from "#lib/contract/tools.ts";

/** Proposes another effect or other labels for a tool. For security reviewers. */
export function Relabel({ tool }: { tool: Tool }) {
  const t = useTranslations("inventory");
  const [act, setAct] = useAct();
  const me = useQueryFor("people.me", {});
  const [effect, setEffect] = useState(tool.effect);
  const [labels, setLabels] = useState<readonly Tool["labels"][number][]>(tool.labels);
  const [reason, setReason] = useKept<string>(`relabel ${tool.id}`);
  const [tried, setTried] = useState(false);
  const sayDone = useSayDone();
  const mutation = useMutationFor("tools.relabel", {
    onSuccess: (result) => {
      setReason(null);
      setAct(null);
      sayDone(result);
    },
  });
  if (!me.data?.roles.includes("security_reviewer") || tool.status === "removed") return null;

  return (
    <>
      <Button onClick={() => setAct("relabel")}>{t("tool.relabel")}</Button>
      <ActDialog
        open={act === "relabel"}
        onClose={() => setAct(null)}
        title={<UntrustedText text={t("tool.relabelTitle", { name: tool.name })} collapseAfter={200} />}
        description={t("tool.relabelBody")}
        reason={reason ?? ""}
        onReason={setReason}
        tried={tried}
        submitLabel={t("tool.relabelPropose")}
        pending={mutation.isPending}
        error={mutation.error}
        onSubmit={() => {
          setTried(true);
          if (reason !== null && isReason(reason))
            mutation.mutate({ toolId: tool.id, effect, labels: [...labels], reason });
        }}
      >
        <FieldGroup label={t("field.effect")}>
          <RadioGroup
            label={t("field.effect")}
            options={Effect.options.map((value) => ({ value, label: <EffectMark effect={value} /> }))}
            value={effect}
            onChange={setEffect}
          />
        </FieldGroup>
        <FieldGroup label={t("field.labels")} hint={t("tool.labelsHint")}>
          {ToolLabel.options.map((label) => (
            <Checkbox
              key={label}
              label={t(`label.${label}`)}
              checked={labels.includes(label)}
              onChange={(checked) =>
                setLabels(checked ? [...labels, label] : labels.filter((other) => other !== label))
              }
            />
          ))}
        </FieldGroup>
      </ActDialog>
    </>
  );
}
