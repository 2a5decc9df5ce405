"use client";
import { type RowData, type RowSelectionState, type Updater, useTable } from "@tanstack/react-table";
import type { Route } from "next";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { type Column, columnDefs, type Facet, features, type TableModel } from "#components/ui/table-column.ts";
import { saveFile, toCsv } from "#components/ui/table-csv.ts";
import { TableGrid } from "#components/ui/table-grid.tsx";
import type { TableState } from "#components/ui/table-state.ts";
import { TableToolbar } from "#components/ui/table-toolbar.tsx";
import { toast } from "#components/ui/toast.tsx";

type DataTableProps<Row extends RowData> = {
  /** What the rows are, in the plural ("Connectors"). */
  label: string;
  state: TableState;
  /** Keep stable (module scope or useMemo), like `rows`. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Names a row for assistive technology. */
  rowName: (row: Row) => string;
  /** "client": searches, sorts, filters and counts what is in `rows`. "server": `rows` answer `state` already. */
  mode: "client" | "server";
  facets?: readonly Facet[];
  rowHref?: (row: Row) => Route;
  onOpen?: (row: Row) => void;
  /** Acts on the selection; gives the rows checkboxes. */
  bulk?: (ids: readonly string[], clear: () => void) => ReactNode;
  /** Rows that exist, loaded or not. */
  total?: number;
  hasMore?: boolean;
  onMore?: () => void;
  loadingMore?: boolean;
  loading?: boolean;
  /** In place of rows when loading failed. */
  error?: ReactNode;
  /** In place of rows when there are none at all; says the next step. */
  empty?: ReactNode;
  /** File name without ending; gives the export button. */
  exportName?: string;
  /** All rows that match, when not all are loaded. */
  exportRows?: () => Promise<readonly Row[]>;
  toolbar?: ReactNode;
  hideToolbar?: boolean;
  /** "page": scrolls by itself, any number of rows. "content": as long as its rows, for short tables. */
  fit?: "page" | "content";
};

const noFacets: readonly Facet[] = [];

/** A table to work in: search, facets, sort, columns, selection, export, keyboard; its state is the URL. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const {
    label,
    state,
    columns,
    rows,
    mode,
    facets = noFacets,
    onMore,
    hasMore = false,
    loadingMore = false,
    loading = false,
  } = props;
  const t = useTranslations("ui.table");
  const [exporting, setExporting] = useState(false);
  const { model, selectedIds, clearSelection } = useTableModel(props);
  const matching = model.getRowModel().rows.length;
  const total = mode === "server" ? (props.total ?? (hasMore ? null : matching)) : matching;

  const loadMore = useCallback(() => {
    if (hasMore && !loadingMore) onMore?.();
  }, [hasMore, loadingMore, onMore]);

  async function exportShown() {
    setExporting(true);
    try {
      const visible = columns.filter((column) => model.getColumn(column.id)?.getIsVisible());
      const source =
        mode === "server" && props.exportRows
          ? await props.exportRows()
          : model.getRowModel().rows.map((row) => row.original);
      saveFile(
        `${props.exportName}.csv`,
        toCsv(
          visible.map((column) => column.header),
          source.map((row) => visible.map((column) => column.value(row))),
        ),
      );
    } catch {
      toast({ tone: "failed", title: t("exportFailed") });
    } finally {
      setExporting(false);
    }
  }

  const noRows = state.isFiltered ? (
    <EmptyState
      title={t("noMatchTitle")}
      body={t("noMatchBody")}
      action={<Button onClick={state.clear}>{t("clearFilters")}</Button>}
    />
  ) : (
    props.empty
  );

  return (
    <div className="flex min-w-0 flex-col gap-2">
      {props.hideToolbar ? null : (
        <TableToolbar
          label={label}
          state={state}
          facets={mode === "client" ? facets.map((facet) => withCounts(facet, model)) : facets}
          columns={columns
            .filter((column) => !column.primary)
            .map((column) => ({
              id: column.id,
              header: column.header,
              isVisible: model.getColumn(column.id)?.getIsVisible() ?? true,
              onToggle: () => model.getColumn(column.id)?.toggleVisibility(),
            }))}
          onExport={props.exportName ? () => void exportShown() : undefined}
          exporting={exporting}
          hasViews={props.fit !== "content"}
        >
          {props.toolbar}
        </TableToolbar>
      )}
      {props.bulk && selectedIds.length > 0 ? (
        <div className="flex min-h-10 flex-wrap items-center gap-2 rounded-md border bg-accent-tint px-3 py-1 text-sm">
          <span role="status" className="font-medium text-ink">
            {t("selected", { count: selectedIds.length })}
          </span>
          {props.bulk(selectedIds, clearSelection)}
          <Button variant="ghost" className="ml-auto" onClick={clearSelection}>
            {t("clearSelection")}
          </Button>
        </div>
      ) : null}
      <TableGrid
        label={label}
        model={model}
        columns={columns}
        rowName={props.rowName}
        rowHref={props.rowHref}
        onOpen={props.onOpen}
        selectable={Boolean(props.bulk)}
        loading={loading}
        message={props.error ?? (matching === 0 ? noRows : undefined)}
        total={total}
        fit={props.fit ?? "page"}
        onNearEnd={props.fit === "content" ? undefined : loadMore}
      />
      <div className="flex min-h-6 items-center justify-between gap-4 text-faint text-sm">
        <span role="status">
          {loading
            ? t("loadingRows", { label })
            : total !== null && total !== rows.length && mode === "server"
              ? t("rowsOf", { count: rows.length, total })
              : t("rows", { count: matching })}
        </span>
        {loadingMore ? <Spinner /> : null}
        {hasMore && !loadingMore && props.fit === "content" ? (
          <Button variant="ghost" onClick={loadMore}>
            {t("loadMore")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function useTableModel<Row extends RowData>(props: DataTableProps<Row>) {
  const { state, columns, rows, mode, rowId } = props;
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const sorting = useMemo(
    () => (state.sort ? [{ id: state.sort.replace(/^-/, ""), desc: state.sort.startsWith("-") }] : []),
    [state.sort],
  );
  const columnFilters = useMemo(
    () =>
      Object.entries(state.filters)
        .filter(([, values]) => values.length > 0)
        .map(([id, value]) => ({ id, value })),
    [state.filters],
  );
  const columnVisibility = useMemo(() => {
    const hidden = state.hidden ?? columns.filter((column) => column.initiallyHidden).map((column) => column.id);
    return Object.fromEntries(hidden.map((id) => [id, false]));
  }, [state.hidden, columns]);

  const model: TableModel<Row> = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    manualSorting: mode === "server",
    manualFiltering: mode === "server",
    enableSortingRemoval: false,
    globalFilterFn: "includesString",
    getColumnCanGlobalFilter: () => true,
    state: { sorting, columnFilters, columnVisibility, rowSelection, globalFilter: state.search },
    onSortingChange: (updater) => {
      const next = resolve(updater, sorting)[0];
      if (next) state.setSort(`${next.desc ? "-" : ""}${next.id}`);
    },
    onColumnVisibilityChange: (updater) => {
      const next = resolve(updater, columnVisibility);
      state.setHidden(Object.keys(next).filter((id) => next[id] === false));
    },
    onRowSelectionChange: setRowSelection,
  });
  const selectedIds = useMemo(() => Object.keys(rowSelection).filter((id) => rowSelection[id]), [rowSelection]);
  return { model, selectedIds, clearSelection: () => setRowSelection({}) };
}

function withCounts<Row extends RowData>(facet: Facet, model: TableModel<Row>): Facet {
  const counts = model.getColumn(facet.id)?.getFacetedUniqueValues();
  return { ...facet, options: facet.options.map((option) => ({ ...option, count: counts?.get(option.value) ?? 0 })) };
}

function resolve<Value>(updater: Updater<Value>, current: Value): Value {
  return typeof updater === "function" ? (updater as (old: Value) => Value)(current) : updater;
}
