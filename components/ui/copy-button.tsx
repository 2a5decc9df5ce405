"use client";
import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";

/** Copies `value`; says so in place for two seconds. `name` completes the accessible name ("Copy digest"). */
export function CopyButton({ value, name, className }: { value: string; name?: string; className?: string }) {
  const t = useTranslations("ui");
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const label = isCopied ? t("copied") : name ? t("copyValue", { value: name }) : t("copy");
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      data-print="hide"
      className={classNames(
        "inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-faint hover:bg-subtle hover:text-ink",
        className,
      )}
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setIsCopied(true),
          () => setIsCopied(false),
        );
      }}
    >
      {isCopied ? <Check size={13} aria-hidden className="text-green" /> : <Copy size={13} aria-hidden />}
      <span role="status" className="sr-only">
        {isCopied ? t("copied") : ""}
      </span>
    </button>
  );
}
