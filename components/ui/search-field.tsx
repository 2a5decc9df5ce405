"use client";
import Search from "lucide-react/icons/search";
import X from "lucide-react/icons/x";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { controlClass } from "#components/ui/input.tsx";

type SearchFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  delayMs?: number;
  className?: string;
};

/** Search as you type: reports `delayMs` (150) after the last key. `/` focuses the first one on the page. */
export function SearchField({ label, value, onChange, placeholder, delayMs = 150, className }: SearchFieldProps) {
  const t = useTranslations("ui");
  const [draft, setDraft] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== seen) {
    setSeen(value);
    if (value !== sent) setDraft(value);
  }
  useEffect(() => {
    if (draft === sent) return;
    const timer = setTimeout(() => {
      setSent(draft);
      onChange(draft);
    }, delayMs);
    return () => clearTimeout(timer);
  }, [draft, sent, delayMs, onChange]);

  return (
    <span className={classNames("relative block min-w-0", className)}>
      <Search size={14} aria-hidden className="pointer-events-none absolute top-2.25 left-2.5 text-faint" />
      <input
        type="search"
        data-search
        aria-label={label}
        placeholder={placeholder ?? t("table.search")}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            if (draft === "") event.currentTarget.blur();
            setDraft("");
          }
        }}
        className={classNames(controlClass, "h-8 pr-7 pl-8 [&::-webkit-search-cancel-button]:hidden")}
      />
      {draft === "" ? null : (
        <button
          type="button"
          aria-label={t("clear")}
          className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-sm text-faint hover:text-ink"
          onClick={() => setDraft("")}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </span>
  );
}
