"use client";
import ChevronRight from "lucide-react/icons/chevron-right";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { type AnyTool, findingsOf, ToolDetails } from "#components/requests/tool-details.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { SearchField } from "#components/ui/search-field.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Finding } from "#lib/contract/probes.ts";
import { effectRank } from "#lib/core/effect.ts";

const pageSize = 50;

type ToolListProps = {
  tools: readonly AnyTool[];
  findings: readonly Finding[];
  /** Names that are included; leave `onInclude` out where nothing can be chosen. */
  included: ReadonlySet<string>;
  onInclude?: ((name: string, include: boolean) => void) | undefined;
  /** Whether this one can be chosen at all; default: every one. */
  choosable?: (name: string) => boolean;
  /** Words beside a tool. */
  note?: (name: string) => ReactNode;
  toolbar?: ReactNode;
};

/** Tools with effect, findings and definition, the furthest reaching first; any number of them, searched as you type. */
export function ToolList({ tools, findings, included, onInclude, choosable, note, toolbar }: ToolListProps) {
  const t = useTranslations("requests.review.tools");
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(pageSize);
  const wanted = search.trim().toLowerCase();
  const matching = tools
    .filter(
      ({ name, definition }) =>
        wanted === "" || `${name} ${String(definition.description ?? "")}`.toLowerCase().includes(wanted),
    )
    .sort((a, b) => effectRank[b.effect] - effectRank[a.effect]);
  return (
    <div className="min-w-0">
      {tools.length > 8 || toolbar ? (
        <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
          {tools.length > 8 ? (
            <SearchField label={t("search")} value={search} onChange={setSearch} className="w-full sm:w-56" />
          ) : null}
          {toolbar}
        </div>
      ) : null}
      {matching.length === 0 ? <p className="px-4 py-3 text-faint text-sm">{t("none")}</p> : null}
      <ul className="flex flex-col divide-y">
        {matching.slice(0, shown).map((tool) => (
          <ToolItem
            key={`${tool.kind} ${tool.name}`}
            tool={tool}
            findings={findingsOf(tool, findings)}
            isIncluded={included.has(tool.name)}
            isChoosable={choosable?.(tool.name) ?? true}
            onInclude={onInclude}
            note={note?.(tool.name)}
          />
        ))}
      </ul>
      {matching.length > shown ? (
        <div className="border-t px-4 py-2">
          <Button variant="ghost" onClick={() => setShown(shown + pageSize)}>
            {t("more", { count: Math.min(pageSize, matching.length - shown) })}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function ToolItem(props: {
  tool: AnyTool;
  findings: readonly Finding[];
  isIncluded: boolean;
  isChoosable: boolean;
  onInclude?: ((name: string, include: boolean) => void) | undefined;
  note: ReactNode;
}) {
  const { tool, findings, isIncluded, isChoosable, onInclude } = props;
  const t = useTranslations("requests.review.tools");
  const [isOpen, setIsOpen] = useState(false);
  const worst = findings.some(({ severity }) => severity === "high") ? "red" : "amber";
  const description = typeof tool.definition.description === "string" ? tool.definition.description : "";
  return (
    <li className="min-w-0">
      <div
        className={classNames(
          "flex min-w-0 items-center gap-x-3 px-4 max-sm:flex-wrap",
          isOpen ? "bg-subtle" : "hover:bg-subtle",
        )}
      >
        {onInclude ? (
          <Checkbox
            aria-label={t("include", { name: tool.name })}
            checked={isIncluded}
            disabled={!isChoosable}
            onChange={(checked) => onInclude(tool.name, checked)}
          />
        ) : null}
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-sm py-1 text-left text-sm"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className={classNames("shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
          />
          <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 sm:flex-nowrap">
            <UntrustedText
              text={tool.name}
              inline
              mono
              className={classNames("max-w-full sm:max-w-64 sm:shrink-0", isIncluded ? "text-ink" : "text-muted")}
            />
            {description === "" || isOpen ? null : (
              <UntrustedText text={description} inline className="text-faint max-sm:hidden" />
            )}
          </span>
        </button>
        {props.note ? (
          <span className="text-faint text-sm max-sm:order-last max-sm:basis-full sm:max-w-72 sm:shrink-0 sm:text-right">
            {props.note}
          </span>
        ) : null}
        {findings.length > 0 ? (
          <StateChip plain tone={worst} className="shrink-0">
            {t("findings", { count: findings.length })}
          </StateChip>
        ) : null}
        <span className="w-26 shrink-0 max-sm:w-auto">
          <EffectMark effect={tool.effect} />
        </span>
      </div>
      {isOpen ? (
        <div className="border-t px-4 py-3">
          <ToolDetails tool={tool} findings={findings} />
        </div>
      ) : null}
    </li>
  );
}
