"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

type CodeBlockProps = {
  code: string;
  /** Names the block ("Command", "server.json"). */
  label: string;
  /** Lines shown before "Show all"; default 24. */
  collapseAfterLines?: number;
};

/** Code or a command as plain text, with copy; long ones fold. */
export function CodeBlock({ code, label, collapseAfterLines = 24 }: CodeBlockProps) {
  const t = useTranslations("ui");
  const [isOpen, setIsOpen] = useState(false);
  const lines = code.split("\n");
  const isLong = lines.length > collapseAfterLines;
  const shown = isLong && !isOpen ? lines.slice(0, collapseAfterLines).join("\n") : code;
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border bg-subtle">
      <figcaption className="flex h-8 items-center justify-between border-b pr-1 pl-3 text-faint text-sm">
        <span className="truncate">{label}</span>
        <CopyButton value={code} name={label} />
      </figcaption>
      <ScrollRegion label={label} className="overflow-x-auto px-3 py-2">
        <UntrustedText text={shown} mono collapseAfter={Number.POSITIVE_INFINITY} />
      </ScrollRegion>
      {isLong ? (
        <button
          type="button"
          aria-expanded={isOpen}
          className="block h-8 w-full border-t font-medium text-accent-ink text-sm hover:bg-pressed"
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? t("showLess") : t("showLines", { count: lines.length })}
        </button>
      ) : null}
    </figure>
  );
}
