"use client";
import Minus from "lucide-react/icons/minus";
import Pencil from "lucide-react/icons/pencil";
import Plus from "lucide-react/icons/plus";
import { useTranslations } from "use-intl";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

/** One field that differs; `before` undefined means added, `after` undefined means removed. Structured values come as JSON text. */
export type FieldChange = { path: string; before: string | undefined; after: string | undefined };

/** What changed, field by field, before beside after; each change says its kind in words. */
export function DiffView({ changes, label }: { changes: readonly FieldChange[]; label: string }) {
  const t = useTranslations("ui.diff");
  if (changes.length === 0) return <p className="text-faint text-sm">{t("none")}</p>;
  return (
    <ul aria-label={label} className="flex flex-col divide-y rounded-md border bg-surface">
      {changes.map((change) => (
        <li key={change.path} className="flex min-w-0 flex-col gap-2 p-3">
          <div className="flex min-w-0 items-center justify-between gap-3">
            <UntrustedText text={change.path} inline mono className="text-muted text-sm" />
            <ChangeKind change={change} />
          </div>
          <div className="grid min-w-0 gap-2 text-sm sm:grid-cols-2">
            <Side label={t("before")} value={change.before} sign="−" className="bg-red-tint" />
            <Side label={t("after")} value={change.after} sign="+" className="bg-green-tint" />
          </div>
        </li>
      ))}
    </ul>
  );
}

function ChangeKind({ change }: { change: FieldChange }) {
  const t = useTranslations("ui.diff");
  if (change.before === undefined)
    return (
      <StateChip plain tone="green" icon={<Plus size={13} aria-hidden />}>
        {t("added")}
      </StateChip>
    );
  if (change.after === undefined)
    return (
      <StateChip plain tone="red" icon={<Minus size={13} aria-hidden />}>
        {t("removed")}
      </StateChip>
    );
  return (
    <StateChip plain tone="amber" icon={<Pencil size={13} aria-hidden />}>
      {t("changed")}
    </StateChip>
  );
}

function Side({
  label,
  value,
  sign,
  className,
}: {
  label: string;
  value: string | undefined;
  sign: string;
  className: string;
}) {
  const t = useTranslations("ui.diff");
  if (value === undefined)
    return <div className="rounded-sm border border-dashed px-2 py-1 text-faint">{t("absent")}</div>;
  return (
    <div className={`flex min-w-0 gap-2 rounded-sm px-2 py-1 text-ink ${className}`}>
      <span aria-hidden className="select-none font-mono text-muted">
        {sign}
      </span>
      <span className="sr-only">{label}: </span>
      <UntrustedText text={value} mono className="flex-1" />
    </div>
  );
}
