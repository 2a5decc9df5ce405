"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { VersionDiff } from "#components/connectors/version-diff.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Connector, Version } from "#lib/contract/connectors.ts";

const tones: Record<Version["status"], Tone> = {
  proposed: "blue",
  approved: "green",
  superseded: "grey",
  rejected: "red",
  revoked: "red",
};

/** The versions of a connector, and what differs between any two of them. Which two is in the URL. */
export function ConnectorVersions({ connector }: { connector: Connector }) {
  const t = useTranslations("inventory.connectors");
  const query = useInfiniteQueryFor("connectors.versions", { connectorId: connector.id, limit: 100 });
  const [chosen, setChosen] = useQueryStates({ from: parseAsString, to: parseAsString });
  if (query.isPending) return <SkeletonCard />;
  if (query.error) return <ErrorState body={query.error.message} onRetry={() => void query.refetch()} />;
  const versions = query.data ?? [];
  const [newest, second] = versions;
  if (!newest) return <EmptyState title={t("versionsEmpty")} body={t("versionsEmptyBody")} />;
  const to = versions.find((version) => version.id === chosen.to) ?? newest;
  const usual =
    versions.find((version) => version.id === connector.approvedVersionId && version.id !== to.id) ?? second;
  const from = versions.find((version) => version.id === chosen.from) ?? usual;
  const options = versions.map((version) => ({
    value: version.id,
    label: t("versionNumber", { number: version.number }),
    detail: t(`versionStatus.${version.status}`),
  }));
  return (
    <div className="flex flex-col gap-4">
      <VersionList versions={versions} approvedId={connector.approvedVersionId} />
      {query.hasNextPage ? (
        <Button className="self-start" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
      <Section title={t("compareTitle")}>
        {versions.length < 2 || !from ? (
          <p className="text-faint text-sm">{t("compareOne")}</p>
        ) : (
          <div className="flex flex-col gap-4">
            <div className="flex flex-wrap gap-3">
              <Field label={t("compareFrom")} className="w-44">
                <Select options={options} value={from.id} onChange={(next) => void setChosen({ from: next })} />
              </Field>
              <Field label={t("compareTo")} className="w-44">
                <Select options={options} value={to.id} onChange={(next) => void setChosen({ to: next })} />
              </Field>
            </div>
            {from.id === to.id ? (
              <p className="text-faint text-sm">{t("compareSame")}</p>
            ) : (
              <VersionDiff connectorId={connector.id} fromId={from.id} toId={to.id} />
            )}
          </div>
        )}
      </Section>
    </div>
  );
}

function VersionList({ versions, approvedId }: { versions: readonly Version[]; approvedId: string | null }) {
  const t = useTranslations("inventory");
  return (
    <ul aria-label={t("connectors.tab.versions")} className="divide-y rounded-md border bg-surface text-sm">
      {versions.map((version) => (
        <li key={version.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <span className="w-24 font-medium text-ink">{t("connectors.versionNumber", { number: version.number })}</span>
          <span className="w-32">
            <StateChip plain tone={version.id === approvedId ? "green" : tones[version.status]}>
              {t(`connectors.versionStatus.${version.status}`)}
            </StateChip>
          </span>
          <ShortId value={version.digest} name={t("field.digest")} />
          <span className="text-muted">{`${t("field.findings")}: ${version.findings.length}`}</span>
          <span className="min-w-0 flex-1 text-muted">
            <UntrustedText inline text={version.createdBy.name} />
          </span>
          <RelativeTime value={version.createdAt} className="text-faint" />
        </li>
      ))}
    </ul>
  );
}
