"use client";
import ChevronRight from "lucide-react/icons/chevron-right";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { OutputOf } from "#lib/contract/index.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

type Change = OutputOf<"connectors.version">["diff"][number];

const openUpTo = 12;

/** What differs from the version before and from the round before, field by field. */
export function ReviewChanges({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests.review.changes");
  return (
    <>
      {request.changesSinceRound.length > 0 && (
        <Section title={t("sinceRound", { number: request.round - 1 })}>
          <ChangeGroups changes={request.changesSinceRound} />
        </Section>
      )}
      {request.comparedWithVersion !== null && (
        <Section title={t("since", { number: request.comparedWithVersion })}>
          {request.diff.length === 0 ? (
            <p className="text-muted text-sm">{t("none")}</p>
          ) : (
            <ChangeGroups changes={request.diff} />
          )}
        </Section>
      )}
    </>
  );
}

/** Changes under the thing that they belong to. What is new or gone as a whole is folded: its definition is all difference. */
export function ChangeGroups({ changes }: { changes: readonly Change[] }) {
  const groups = Map.groupBy(changes, ({ group }) => group);
  return (
    <ul className="flex min-w-0 flex-col divide-y">
      {[...groups].map(([group, fields]) => (
        <ChangeGroup key={group} group={group} fields={fields} />
      ))}
    </ul>
  );
}

const chip = { added: "green", removed: "red", changed: "amber" } as const;

function ChangeGroup({ group, fields }: { group: string; fields: readonly Change[] }) {
  const t = useTranslations("ui.diff");
  const count = useTranslations("requests.review.changes");
  const kinds = new Set(fields.map(({ change }) => change));
  const whole = kinds.size === 1 && !kinds.has("changed") && fields.length > 1 ? [...kinds][0] : undefined;
  const [isOpen, setIsOpen] = useState(whole === undefined && fields.length <= openUpTo);
  return (
    <li className="flex min-w-0 flex-col gap-1.5 py-2 first:pt-0 last:pb-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-7 min-w-0 items-center gap-2 rounded-sm text-left text-sm"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={classNames("shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
        />
        <UntrustedText text={group} inline mono className="min-w-0 text-ink" />
        <StateChip plain tone={chip[whole ?? "changed"]}>
          {t(whole ?? "changed")}
        </StateChip>
        <span className="ml-auto shrink-0 text-faint">{count("fields", { count: fields.length })}</span>
      </button>
      {isOpen ? (
        <DiffView
          label={group}
          changes={fields.map(({ path, change, before, after }) => ({
            path,
            before: change === "added" ? undefined : textOf(before),
            after: change === "removed" ? undefined : textOf(after),
          }))}
        />
      ) : null}
    </li>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}
