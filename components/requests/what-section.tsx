"use client";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { CatalogueSearch } from "#components/requests/catalogue-search.tsx";
import { Inspection } from "#components/requests/inspection.tsx";
import { TargetPicker, TargetText } from "#components/requests/target-picker.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import type { ApiError } from "#lib/client/call.ts";
import { useMutationFor } from "#lib/client/queries.ts";
import type { Probe, ProbeTarget } from "#lib/contract/probes.ts";

type WhatSectionProps = {
  target: ProbeTarget | undefined;
  probeId: string | undefined;
  probe: Probe | undefined;
  probeError: ApiError | null;
  credentialId: string | undefined;
  /** Offers the catalogue first. */
  isNew: boolean;
  onProbe: (probeId: string, target: ProbeTarget, credentialId: string | undefined) => void;
  /** Opens once the inspection has answered. */
  children: ReactNode;
};

/** What is asked for: is there one already, else where it is, then what the inspection found. */
export function WhatSection(props: WhatSectionProps) {
  const t = useTranslations("requests.form.what");
  const [isChoosing, setIsChoosing] = useState(false);
  const start = useMutationFor("probes.start");
  const { target, probeId, credentialId } = props;
  const isInspected = target !== undefined && probeId !== undefined && !isChoosing;

  async function inspect(next: ProbeTarget, credential: string | undefined) {
    try {
      const probe = await start.mutateAsync({
        target: next,
        ...(credential === undefined ? {} : { credentialId: credential }),
      });
      props.onProbe(probe.id, next, credential);
      setIsChoosing(false);
    } catch {
      // Shown below; the form stays as it is.
    }
  }

  return (
    <Section title={t("title")} description={props.isNew ? t("description") : undefined}>
      <div className="flex flex-col gap-5">
        {props.isNew && !isInspected ? <CatalogueSearch /> : null}
        {isInspected ? (
          <>
            <div className="flex flex-wrap items-center justify-between gap-3 rounded-md border bg-subtle px-3 py-2">
              <div className="min-w-0 flex-1">
                <TargetText target={target} />
                {credentialId ? <p className="text-faint text-sm">{t("credentialUsed")}</p> : null}
              </div>
              <Button onClick={() => setIsChoosing(true)}>{t("change")}</Button>
            </div>
            {start.error ? <FailureNotice error={start.error} /> : null}
            <Inspection
              probe={start.isPending ? undefined : props.probe}
              error={props.probeError}
              onAgain={() => void inspect(target, credentialId)}
              onSealed={(sealed) => void inspect(target, sealed)}
            />
            {props.children}
          </>
        ) : (
          <>
            <TargetPicker
              initial={target}
              pending={start.isPending}
              onInspect={(next) => void inspect(next, undefined)}
            />
            {start.error ? <FailureNotice error={start.error} /> : null}
          </>
        )}
      </div>
    </Section>
  );
}
