"use client";
import { useTranslations } from "use-intl";
import { diffText } from "#components/connectors/diff-text.ts";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { DiffView } from "#components/ui/diff-view.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { FieldChange } from "#lib/contract/connectors.ts";

/** What differs from one version to another, field by field, grouped by identity and capability. */
export function VersionDiff({ connectorId, fromId, toId }: { connectorId: string; fromId: string; toId: string }) {
  const t = useTranslations("inventory.connectors");
  const { data, error, refetch } = useQueryFor("connectors.version", { connectorId, versionId: toId, against: fromId });
  if (error) return <ErrorState body={error.message} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonCard />;
  const groups = Map.groupBy(data.diff, (change) => change.group);
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-muted text-sm">
        {t("compareCount", { count: data.diff.length })}
      </p>
      {[...groups].map(([group, changes]) => (
        <div key={group} className="flex min-w-0 flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">
            {group === "identity" ? t("groupIdentity") : <UntrustedText inline mono text={group} />}
          </h3>
          <DiffView label={group} changes={changes.map(shown)} />
        </div>
      ))}
    </div>
  );
}

function shown({ path, change, before, after }: FieldChange) {
  return {
    path: path === "" ? "/" : path,
    before: change === "added" ? undefined : diffText(before),
    after: change === "removed" ? undefined : diffText(after),
  };
}
