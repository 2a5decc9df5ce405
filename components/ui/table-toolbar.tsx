"use client";
import ChevronDown from "lucide-react/icons/chevron-down";
import Columns3 from "lucide-react/icons/columns-3";
import Download from "lucide-react/icons/download";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import type { Facet } from "#components/ui/table-column.ts";
import type { TableState } from "#components/ui/table-state.ts";
import { ViewMenu } from "#components/ui/view-menu.tsx";

type TableToolbarProps = {
  label: string;
  state: TableState;
  facets: readonly Facet[];
  columns: readonly { id: string; header: string; isVisible: boolean; onToggle: () => void }[];
  onExport?: (() => void) | undefined;
  exporting: boolean;
  /** Whether what is shown can be saved under a name: for lists that are a page of their own. */
  hasViews: boolean;
  children?: ReactNode;
};

/** Search, filters, column choice and export above a table. */
export function TableToolbar({
  label,
  state,
  facets,
  columns,
  onExport,
  exporting,
  hasViews,
  children,
}: TableToolbarProps) {
  const t = useTranslations("ui.table");
  return (
    <div className="flex flex-wrap items-center gap-2" data-print="hide">
      <SearchField
        label={t("searchIn", { label })}
        value={state.search}
        onChange={state.setSearch}
        className="w-full sm:w-64"
      />
      {facets.map((facet) => (
        <FacetFilter
          key={facet.id}
          facet={facet}
          chosen={state.filters[facet.id] ?? []}
          onChange={(values) => state.setFilter(facet.id, values)}
        />
      ))}
      {state.isFiltered ? (
        <Button variant="ghost" onClick={state.clear}>
          {t("clearFilters")}
        </Button>
      ) : null}
      <span className="ml-auto flex items-center gap-1">
        {children}
        {hasViews ? <ViewMenu /> : null}
        {columns.length > 1 ? (
          <Menu
            trigger={<IconButton label={t("columns")} icon={<Columns3 size={15} aria-hidden />} />}
            entries={columns.map((column) => ({
              id: column.id,
              label: column.header,
              checked: column.isVisible,
              onCheckedChange: column.onToggle,
            }))}
          />
        ) : null}
        {onExport ? (
          <IconButton
            label={exporting ? t("exporting") : t("export")}
            loading={exporting}
            icon={<Download size={15} aria-hidden />}
            onClick={onExport}
          />
        ) : null}
      </span>
    </div>
  );
}

function FacetFilter({
  facet,
  chosen,
  onChange,
}: {
  facet: Facet;
  chosen: readonly string[];
  onChange: (values: readonly string[]) => void;
}) {
  const t = useTranslations("ui.table");
  const summary = facet.options.filter((option) => chosen.includes(option.value)).map((option) => option.label);
  return (
    <Popover
      title={t("filter", { label: facet.label })}
      hideTitle
      trigger={
        <button
          type="button"
          className={buttonClass("secondary", chosen.length > 0 ? "border-accent-ink" : "font-normal text-muted")}
        >
          <span className="sr-only">{t("filterBy")}</span>
          {facet.label}
          {summary.length > 0 ? <span className="max-w-40 truncate text-accent-ink">{summary.join(", ")}</span> : null}
          <ChevronDown size={13} aria-hidden className="text-faint" />
        </button>
      }
    >
      <ul className="flex flex-col">
        {facet.options.map((option) => (
          <li
            key={option.value}
            className="flex items-center justify-between gap-3 rounded-sm px-2 py-1 hover:bg-subtle"
          >
            <Checkbox
              className="flex-1"
              label={option.label}
              checked={chosen.includes(option.value)}
              onChange={(checked) =>
                onChange(checked ? [...chosen, option.value] : chosen.filter((value) => value !== option.value))
              }
            />
            {option.count === undefined ? null : (
              <span className="text-faint">{option.count.toLocaleString("en")}</span>
            )}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
