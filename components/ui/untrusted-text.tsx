"use client";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { countHidden, reveal, type Segment } from "#components/ui/reveal.ts";

type UntrustedTextProps = {
  text: string;
  /** One line, cut at the end of its box (table cells). */
  inline?: boolean;
  /** Characters shown before "Show all"; default 600. */
  collapseAfter?: number;
  mono?: boolean;
  className?: string;
};

/**
 * Text written by somebody else, shown exactly as text: never HTML or Markdown, direction isolated, and every invisible,
 * bidirectional, control, tag or escape character as a labelled box.
 */
export function UntrustedText({ text, inline = false, collapseAfter = 600, mono, className }: UntrustedTextProps) {
  const t = useTranslations("ui");
  const [isOpen, setIsOpen] = useState(false);
  const limit = inline ? 300 : collapseAfter;
  const isLong = text.length > limit;
  const segments = useMemo(() => reveal(text), [text]);
  const shown = useMemo(() => (isLong && !isOpen ? cut(segments, limit) : segments), [segments, isLong, isOpen, limit]);
  const hidden = inline ? 0 : countHidden(segments);

  if (text === "") return <span className={classNames("text-faint", className)}>{t("emptyText")}</span>;
  const body = (
    <bdi
      dir="auto"
      className={classNames(
        "isolated",
        inline ? "block truncate whitespace-nowrap" : "whitespace-pre-wrap",
        mono && "font-mono",
      )}
    >
      {shown.map((segment, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: segments of one text have no identity but their place
        segment.kind === "text" ? <span key={index}>{segment.text}</span> : <Mark key={index} label={segment.label} />,
      )}
      {isLong && !isOpen ? "…" : null}
    </bdi>
  );
  if (inline) return <span className={classNames("block min-w-0", className)}>{body}</span>;
  return (
    <span className={classNames("block min-w-0", className)}>
      {body}
      {hidden > 0 ? <span className="mt-1 block text-amber text-sm">{t("hiddenFound", { count: hidden })}</span> : null}
      {isLong ? (
        <button
          type="button"
          className="mt-1 block rounded-sm font-medium text-accent-ink text-sm hover:underline"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? t("showLess") : t("showAll", { count: text.length })}
        </button>
      ) : null}
    </span>
  );
}

/** One character that cannot be shown, as a box with its name. */
function Mark({ label }: { label: string }) {
  return (
    <span
      dir="ltr"
      className="isolated mx-px rounded-sm border border-amber-line bg-amber-tint px-0.5 font-mono text-amber text-key"
    >
      ⟦{label}⟧
    </span>
  );
}

function cut(segments: readonly Segment[], limit: number): Segment[] {
  const kept: Segment[] = [];
  let length = 0;
  for (const segment of segments) {
    const room = limit - length;
    if (room <= 0) break;
    kept.push(
      segment.kind === "text" && segment.text.length > room
        ? { ...segment, text: segment.text.slice(0, room) }
        : segment,
    );
    length += segment.text.length;
  }
  return kept;
}
