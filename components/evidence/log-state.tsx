"use client";
import { useFormatter, useTranslations } from "use-intl";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Section } from "#components/ui/section.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

const refreshMs = 10_000;

/** How far the log is signed, its newest checkpoint, and the key to hand over. */
export function LogState() {
  const t = useTranslations("evidence.log");
  const format = useFormatter();
  const log = useQueryFor("log.checkpoint", {}, { refetchInterval: refreshMs });
  return (
    <Section title={t("title")}>
      {log.isError ? (
        <ErrorState onRetry={() => void log.refetch()} retrying={log.isFetching} />
      ) : log.isPending ? (
        <SkeletonText lines={6} />
      ) : (
        <div className="flex flex-col gap-4">
          <Facts
            facts={[
              { id: "size", term: t("size"), value: format.number(BigInt(log.data.size)) },
              { id: "pending", term: t("pending"), value: format.number(log.data.pending) },
            ]}
          />
          {log.data.vkey === null ? (
            <Notice tone="amber">{t("noKey")}</Notice>
          ) : (
            <div className="flex flex-col gap-2">
              <CodeBlock code={log.data.vkey} label={t("key")} />
              <p className="text-muted text-sm">{t("keyNote")}</p>
            </div>
          )}
          {log.data.note === null ? (
            <p className="text-muted text-sm">{t("noCheckpoint")}</p>
          ) : (
            <CodeBlock code={log.data.note.trimEnd()} label={t("checkpoint")} />
          )}
        </div>
      )}
    </Section>
  );
}
