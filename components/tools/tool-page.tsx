"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { ReachTable } from "#components/access/reach-table.tsx";
import { DetailLoading } from "#components/connectors/detail-loading.tsx";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { Relabel } from "#components/tools/relabel.tsx";
import { ToolDefinition } from "#components/tools/tool-definition.tsx";
import { ToolQuarantine } from "#components/tools/tool-quarantine.tsx";
import { standingOf, ToolState } from "#components/tools/tool-state.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";

type Detail = OutputOf<"tools.get">;

/** One tool: what it does, as reviewed; its definition as text; what changed if it is quarantined; who can call it. */
export function ToolPage({ toolId }: { toolId: string }) {
  const t = useTranslations("inventory");
  const query = useQueryFor("tools.get", { toolId });
  const tool = query.data;
  useBreadcrumb([{ label: tool?.name.slice(0, 80) ?? toolId }]);
  if (!tool) return <DetailLoading error={query.error} onRetry={() => void query.refetch()} />;
  const standing = standingOf(tool.status, tool);
  return (
    <>
      <PageHeader
        title={<UntrustedText mono text={tool.name} collapseAfter={200} />}
        state={<ToolState standing={standing} />}
        description={
          tool.title && tool.title !== tool.name ? <UntrustedText text={tool.title} collapseAfter={200} /> : undefined
        }
        meta={
          <Link
            href={`/connectors/${tool.connectorSlug}` as Route}
            className="rounded-sm text-accent-ink hover:underline"
          >
            {t("tool.of", { connector: tool.connectorSlug })}
          </Link>
        }
        actions={<Relabel tool={tool} />}
      />
      <PendingChanges subjectIds={[tool.id]} />
      <SplitPage asideLabel={t("tool.effect")} aside={<ToolFacts tool={tool} standing={standing} />}>
        {tool.quarantine ? <ToolQuarantine quarantine={tool.quarantine} approved={tool.definition} /> : null}
        <Section title={t("tool.description")} description={t("tool.noteServerText")}>
          {tool.description ? (
            <UntrustedText text={tool.description} className="prose-width text-base text-ink" />
          ) : (
            <p className="text-faint text-sm">{t("tool.noDescription")}</p>
          )}
        </Section>
        <ToolDefinition definition={tool.definition} />
        <Section title={t("tool.whoCan")}>
          <ReachTable
            subject={{ toolId: tool.id }}
            label={t("tool.whoCan")}
            prefix="who-"
            fit="content"
            empty={<EmptyState title={t("tool.whoCanNobody")} body={t("tool.whoCanNobodyBody")} />}
          />
        </Section>
      </SplitPage>
    </>
  );
}

function ToolFacts({ tool, standing }: { tool: Detail; standing: ReturnType<typeof standingOf> }) {
  const t = useTranslations("inventory");
  return (
    <Section title={t("field.approval")}>
      <Facts
        className="sm:grid-cols-[6rem_minmax(0,1fr)]!"
        facts={[
          {
            id: "standing",
            term: t("field.status"),
            value: <ToolState plain standing={standing} />,
            ...(standing === "active" ? {} : { note: t(`tool.stateWhy.${standing}`) }),
          },
          { id: "effect", term: t("field.effect"), value: <EffectMark effect={tool.effect} /> },
          ...(tool.why.length > 0
            ? [
                {
                  id: "why",
                  term: t("tool.why"),
                  value: (
                    <ul className="flex flex-col gap-1 text-muted">
                      {tool.why.map((reason) => (
                        <li key={reason}>
                          <UntrustedText text={reason} collapseAfter={200} />
                        </li>
                      ))}
                    </ul>
                  ),
                },
              ]
            : []),
          ...(tool.labels.length > 0
            ? [
                {
                  id: "labels",
                  term: t("field.labels"),
                  value: (
                    <span className="flex flex-wrap gap-1">
                      {tool.labels.map((label) => (
                        <Tag key={label}>{t(`label.${label}`)}</Tag>
                      ))}
                    </span>
                  ),
                },
              ]
            : []),
          { id: "kind", term: t("field.kind"), value: t(`capability.${tool.kind}`) },
          ...(tool.digest
            ? [
                {
                  id: "digest",
                  term: t("field.digest"),
                  value: <ShortId value={tool.digest} name={t("field.digest")} />,
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}
