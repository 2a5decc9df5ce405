"use client";
import ChevronRight from "lucide-react/icons/chevron-right";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const pageSize = 100;

/** A JSON value as a tree: names and strings under the rules of UntrustedText, deep parts folded, copy of the whole. */
export function JsonView({ value, label, openDepth = 2 }: { value: Json; label: string; openDepth?: number }) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border bg-subtle">
      <figcaption className="flex h-8 items-center justify-between border-b pr-1 pl-3 text-faint text-sm">
        <span className="truncate">{label}</span>
        <CopyButton value={JSON.stringify(value, null, 2)} name={label} />
      </figcaption>
      <ScrollRegion label={label} className="max-h-96 overflow-auto p-2 font-mono text-sm">
        <Node value={value} depth={0} openDepth={openDepth} />
      </ScrollRegion>
    </figure>
  );
}

function Node({ name, value, depth, openDepth }: { name?: string; value: Json; depth: number; openDepth: number }) {
  const t = useTranslations("ui");
  const [isOpen, setIsOpen] = useState(depth < openDepth);
  const [shownCount, setShownCount] = useState(pageSize);
  const title =
    name === undefined ? null : (
      <span className="text-muted">
        <UntrustedText text={name} inline className="inline-block! max-w-full align-top" />:{" "}
      </span>
    );
  if (value === null || typeof value !== "object") {
    return (
      <div className="flex min-w-0 items-start gap-1 py-0.5 pl-5">
        {title}
        <Leaf value={value} />
      </div>
    );
  }
  const isList = isArray(value);
  const entries = isList ? value.map((item, index) => [String(index), item] as const) : Object.entries(value);
  const size = isList ? t("json.items", { count: entries.length }) : t("json.fields", { count: entries.length });
  if (entries.length === 0) {
    return (
      <div className="flex items-start gap-1 py-0.5 pl-5">
        {title}
        <span className="text-faint">{isList ? "[ ]" : "{ }"}</span>
      </div>
    );
  }
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex max-w-full items-start gap-1 rounded-sm py-0.5 pr-1 text-left hover:bg-pressed"
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={classNames("mt-0.75 shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
        />
        <span className="flex min-w-0 items-start gap-1">
          {title}
          <span className="shrink-0 text-faint">{isList ? `[ ${size} ]` : `{ ${size} }`}</span>
        </span>
      </button>
      {isOpen ? (
        <div className="ml-1.5 border-l pl-2">
          {entries.slice(0, shownCount).map(([key, item]) => (
            <Node key={key} name={key} value={item} depth={depth + 1} openDepth={openDepth} />
          ))}
          {entries.length > shownCount ? (
            <button
              type="button"
              className="ml-5 rounded-sm font-medium font-sans text-accent-ink hover:underline"
              onClick={() => setShownCount(shownCount + pageSize)}
            >
              {t("json.more", { count: Math.min(pageSize, entries.length - shownCount) })}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Leaf({ value }: { value: null | boolean | number | string }) {
  if (typeof value === "string") return <UntrustedText text={value} collapseAfter={400} className="text-ink" />;
  return <span className="text-blue">{String(value)}</span>;
}

function isArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}
