"use client";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { FindingList } from "#components/requests/finding-list.tsx";
import { AlertConfirm } from "#components/ui/alert-confirm.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { type Fact, Facts } from "#components/ui/facts.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { toast } from "#components/ui/toast.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { Finding, PackageFacts, Probe } from "#lib/contract/probes.ts";

/** A package that was read and not run: what it is, and who has to release it before its tools can be seen. */
export function PackageWait({
  probe,
  facts,
  findings,
}: {
  probe: Probe;
  facts: PackageFacts;
  findings: readonly Finding[];
}) {
  const t = useTranslations("requests.form.probe");
  const i = useTranslations("requests.review.identity");
  const format = useFormatter();
  const rows: Fact[] = [
    { id: "package", term: i("package"), value: <UntrustedText text={`${facts.name}@${facts.version}`} mono /> },
    { id: "digest", term: t("digest"), value: <ShortId value={facts.packageDigest} name={t("digest")} /> },
    {
      id: "integrity",
      term: i("integrity"),
      value: <ShortId value={facts.integrity} name={i("integrity")} head={14} />,
    },
    { id: "command", term: i("command"), value: <UntrustedText text={facts.argv.join(" ")} mono /> },
    {
      id: "provenance",
      term: t("provenance"),
      value: (
        <StateChip plain tone={facts.provenance ? "green" : "amber"}>
          {facts.provenance ? t("provenanceYes") : t("provenanceNo")}
        </StateChip>
      ),
    },
    {
      id: "scripts",
      term: t("scripts"),
      value: facts.scripts.length === 0 ? t("scriptsNone") : <UntrustedText text={facts.scripts.join(", ")} mono />,
    },
    {
      id: "size",
      term: t("contents"),
      value: t("files", {
        count: facts.fileCount,
        size: format.number(facts.unpackedBytes / 1e6, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
        dependencies: facts.dependencyCount,
      }),
    },
  ];
  if (facts.publishedAt)
    rows.push({ id: "published", term: t("published"), value: <RelativeTime value={facts.publishedAt} /> });
  return (
    <div className="flex flex-col gap-4">
      <Notice
        tone="amber"
        title={t("inspected")}
        action={probe.mayRelease ? <Release probeId={probe.id} /> : <ShareLink probeId={probe.id} />}
      >
        {t("inspectedBody")}
      </Notice>
      <Facts facts={rows} />
      {findings.length > 0 ? <FindingList findings={findings} /> : null}
    </div>
  );
}

function ShareLink({ probeId }: { probeId: string }) {
  const t = useTranslations("requests.form.probe");
  return (
    <span className="inline-flex items-center gap-1">
      {t("share")} <CopyButton value={`${window.location.origin}/requests/inspections/${probeId}`} name={t("share")} />
    </span>
  );
}

function Release({ probeId }: { probeId: string }) {
  const t = useTranslations("requests.form.probe");
  const [isOpen, setIsOpen] = useState(false);
  const release = useMutationFor("packages.release", {
    onSuccess: () => {
      setIsOpen(false);
      toast({ title: t("released") });
    },
  });
  return (
    <AlertConfirm
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={<Button variant="primary">{t("release")}</Button>}
      title={t("releaseTitle")}
      reach={t("releaseReach")}
      confirmLabel={t("release")}
      pending={release.isPending}
      error={release.error?.message}
      onConfirm={(reason) => release.mutate({ probeId, reason })}
    />
  );
}
