"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Classification, classifications, type Effect } from "#components/requests/request-words.ts";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";
import { effectRank, effects } from "#lib/core/effect.ts";

/** Security raises what a request's data or tools are; tier and stages follow. */
export function ReclassifyDialog({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests.review.reclassify");
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={<Button>{t("open")}</Button>}
      title={t("title")}
      description={t("body")}
    >
      <ReclassifyForm request={request} onDone={() => setIsOpen(false)} />
    </Dialog>
  );
}

function ReclassifyForm({ request, onDone }: { request: RequestDetail; onDone: () => void }) {
  const t = useTranslations("requests");
  const known = request.classification ?? "public";
  const [classification, setClassification] = useState<Classification>(known);
  const [raised, setRaised] = useState<Readonly<Record<string, Effect>>>({});
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const reclassify = useMutationFor("requests.reclassify", {
    onSuccess: () => {
      toast({ title: t("review.reclassify.done") });
      onDone();
    },
  });
  const tools = (request.version?.tools ?? []).filter(({ effect }) => effectRank[effect] < effectRank.unknown);
  const changed = Object.entries(raised).filter(([name, effect]) =>
    tools.some((tool) => tool.name === name && tool.effect !== effect),
  );
  const isNothing = classification === known && changed.length === 0;
  const isShort = reason.trim().length < 10;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isNothing || isShort) return;
        reclassify.mutate({
          requestId: request.id,
          ...(classification === known ? {} : { classification }),
          effects: changed.map(([name, effect]) => ({ name, effect })),
          reason: reason.trim(),
        });
      }}
    >
      <Field label={t("review.reclassify.classification")}>
        <Select
          value={classification}
          onChange={setClassification}
          options={classifications.slice(classifications.indexOf(known)).map((value) => ({
            value,
            label: t(`classification.${value}`),
            detail: t(`classificationMeaning.${value}`),
          }))}
        />
      </Field>
      {tools.length > 0 ? (
        <FieldGroup label={t("review.reclassify.effects")}>
          <ul className="flex max-h-64 flex-col divide-y overflow-y-auto rounded-md border">
            {tools.map(({ name, effect }) => (
              <li key={name} className="flex min-w-0 items-center gap-3 px-2 py-1">
                <UntrustedText text={name} inline mono className="min-w-0 flex-1" />
                <Select
                  className="w-36! shrink-0"
                  aria-label={t("review.reclassify.effectOf", { name })}
                  value={raised[name] ?? effect}
                  onChange={(next) => setRaised({ ...raised, [name]: next })}
                  options={effects
                    .filter((candidate) => candidate === effect || effectRank[candidate] > effectRank[effect])
                    .map((value) => ({ value, label: t(`effect.${value}`) }))}
                />
              </li>
            ))}
          </ul>
        </FieldGroup>
      ) : null}
      <Field
        label={t("review.decision.reason")}
        hint={t("review.decision.reasonHint")}
        error={tried && isShort ? t("review.decision.reasonShort") : undefined}
      >
        <Textarea maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Field>
      {tried && isNothing ? (
        <p role="alert" className="text-red text-sm">
          {t("review.reclassify.nothing")}
        </p>
      ) : null}
      {reclassify.error ? <FailureNotice error={reclassify.error} /> : null}
      <Button type="submit" variant="primary" className="self-end" loading={reclassify.isPending}>
        {t("review.reclassify.apply")}
      </Button>
    </form>
  );
}
