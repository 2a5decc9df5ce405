"use client";
import { useTranslations } from "use-intl";
import { fieldChanges } from "#components/tools/field-changes.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { OutputOf } from "#lib/contract/index.ts";

type ToolQuarantineProps = {
  quarantine: NonNullable<OutputOf<"tools.get">["quarantine"]>;
  approved: Record<string, unknown> | null;
};

/** Why a tool is quarantined: what was approved beside what the server shows now. */
export function ToolQuarantine({ quarantine, approved }: ToolQuarantineProps) {
  const t = useTranslations("inventory");
  return (
    <Section
      title={t("tool.quarantineTitle")}
      aside={
        <span>
          {t("tool.seenAt")} <RelativeTime value={quarantine.at} />
        </span>
      }
    >
      <div className="flex flex-col gap-3">
        <Notice
          tone="red"
          title={
            <UntrustedText
              text={t("connectors.quarantineReason", { reason: quarantine.reason.replaceAll("_", " ") })}
            />
          }
        >
          {t("connectors.quarantineWhatToDo")}
        </Notice>
        {quarantine.seen && approved ? (
          <DiffView label={t("tool.quarantineTitle")} changes={fieldChanges(approved, quarantine.seen)} />
        ) : null}
      </div>
    </Section>
  );
}
