"use client";
import { useTranslations } from "use-intl";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Section } from "#components/ui/section.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { OutputOf } from "#lib/contract/index.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

type Change = OutputOf<"connectors.version">["diff"][number];

/** What differs from the version before, field by field. */
export function ReviewChanges({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests.review.changes");
  if (request.comparedWithVersion === null) return null;
  return (
    <Section title={t("since", { number: request.comparedWithVersion })}>
      {request.diff.length === 0 ? (
        <p className="text-muted text-sm">{t("none")}</p>
      ) : (
        <ChangeGroups changes={request.diff} />
      )}
    </Section>
  );
}

/** Changes under the thing that they belong to. */
export function ChangeGroups({ changes }: { changes: readonly Change[] }) {
  const groups = Map.groupBy(changes, ({ group }) => group);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {[...groups].map(([group, fields]) => (
        <div key={group} className="flex min-w-0 flex-col gap-1.5">
          <h3 className="font-medium text-ink text-sm">
            <UntrustedText text={group} inline mono />
          </h3>
          <DiffView
            label={group}
            changes={fields.map(({ path, change, before, after }) => ({
              path,
              before: change === "added" ? undefined : textOf(before),
              after: change === "removed" ? undefined : textOf(after),
            }))}
          />
        </div>
      ))}
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}
