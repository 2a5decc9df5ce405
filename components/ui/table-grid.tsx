"use client";
import type { RowData } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { useShortcut } from "#components/ui/shortcut.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Column, TableModel } from "#components/ui/table-column.ts";
import { BodyRow, type RowActs } from "#components/ui/table-row.tsx";

const rowHeight = 36;
const loadAheadRows = 30;

type TableGridProps<Row extends RowData> = RowActs<Row> & {
  label: string;
  model: TableModel<Row>;
  columns: readonly Column<Row>[];
  loading: boolean;
  /** In place of rows. */
  message?: ReactNode;
  /** Rows known to exist, loaded or not; null when unknown. */
  total: number | null;
  fit: "page" | "content";
  onNearEnd?: (() => void) | undefined;
};

/** The table itself: sticky header, virtual rows of 36 px in a native table, keyboard. */
export function TableGrid<Row extends RowData>(props: TableGridProps<Row>) {
  const { model, columns, selectable, onNearEnd } = props;
  const t = useTranslations("ui.table");
  const region = useRef<HTMLElement>(null);
  const [active, setActive] = useState(-1);
  const rows = props.loading || props.message ? [] : model.getRowModel().rows;
  const visibility = model.state.columnVisibility;
  const shown = useMemo(() => columns.filter((column) => visibility[column.id] !== false), [columns, visibility]);
  // Ends at the first row that is not selected: scrolling asks with every frame.
  const selection = model.state.rowSelection;
  const isAllSelected = selectable && rows.length > 0 && rows.every((row) => selection[row.id] === true);
  const isVirtual = props.fit === "page";
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 1200, height: 720 },
    enabled: isVirtual,
    useFlushSync: false,
  });
  const items = isVirtual ? virtualizer.getVirtualItems().map((item) => item.index) : rows.map((_, index) => index);
  const first = items[0] ?? 0;
  const last = items.at(-1) ?? -1;

  useEffect(() => {
    if (onNearEnd && last >= rows.length - loadAheadRows && rows.length > 0) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  function go(step: number) {
    const next = Math.min(Math.max(active + step, 0), rows.length - 1);
    if (next < 0) return;
    setActive(next);
    if (isVirtual) virtualizer.scrollToIndex(next);
    // The row may enter the DOM only with the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        region.current
          ?.querySelector<HTMLElement>(`[data-row="${next}"] [data-row-main]`)
          ?.focus({ preventScroll: isVirtual }),
      ),
    );
  }
  useShortcut("j", () => go(1), rows.length > 0);
  useShortcut("k", () => go(-1), rows.length > 0);
  useShortcut("x", () => rows[active]?.toggleSelected(), selectable && active >= 0);

  const widths = (visible: readonly Column<Row>[]) =>
    visible.reduce((sum, column) => sum + (column.width ?? column.minWidth ?? 140), selectable ? 40 : 0);
  const style = {
    "--wide": `${widths(shown)}px`,
    "--narrow": `${widths(shown.filter((column) => !column.hideOnSmall))}px`,
  } as CSSProperties;

  return (
    <ScrollRegion
      label={t("region", { label: props.label })}
      ref={region}
      className={classNames(
        "relative min-w-0 overflow-auto rounded-md border bg-surface",
        isVirtual && "max-h-[max(20rem,calc(100dvh-14rem))]",
      )}
    >
      <table
        aria-label={props.label}
        aria-rowcount={props.total === null ? -1 : props.total + 1}
        aria-busy={props.loading}
        style={style}
        className="w-full min-w-(--narrow) table-fixed border-separate border-spacing-0 text-sm sm:min-w-(--wide)"
      >
        <colgroup>
          {selectable ? <col className="w-10" /> : null}
          {shown.map((column) => (
            <col
              key={column.id}
              className={column.hideOnSmall ? "max-sm:hidden" : undefined}
              style={column.width === undefined ? undefined : { width: column.width }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selectable ? (
              <th scope="col" className="sticky top-0 z-10 h-9 border-b bg-surface pl-3 text-left">
                <Checkbox
                  aria-label={t("selectAll")}
                  checked={isAllSelected}
                  indeterminate={!isAllSelected && Object.values(selection).some(Boolean)}
                  onChange={(checked) => model.toggleAllRowsSelected(checked)}
                  disabled={rows.length === 0}
                />
              </th>
            ) : null}
            {shown.map((column) => (
              <HeaderCell key={column.id} column={column} model={model} />
            ))}
          </tr>
        </thead>
        <tbody>
          {props.loading ? <SkeletonRows columns={shown} selectable={selectable} /> : null}
          <Spacer height={first * rowHeight} />
          {items.map((index) => {
            const row = rows[index];
            return row ? (
              <BodyRow
                key={row.id}
                rowName={props.rowName}
                rowHref={props.rowHref}
                onOpen={props.onOpen}
                selectable={selectable}
                row={row}
                index={index}
                shown={shown}
                isActive={index === active}
                isSelected={row.getIsSelected()}
                onActive={setActive}
              />
            ) : null;
          })}
          <Spacer height={(rows.length - last - 1) * rowHeight} />
        </tbody>
      </table>
      {props.message && !props.loading ? <div className="sticky left-0">{props.message}</div> : null}
    </ScrollRegion>
  );
}

function HeaderCell<Row extends RowData>({ column, model }: { column: Column<Row>; model: TableModel<Row> }) {
  const sorted = model.getColumn(column.id)?.getIsSorted() ?? false;
  const Arrow = sorted === "desc" ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted === false ? undefined : sorted === "asc" ? "ascending" : "descending"}
      className={classNames(
        "sticky top-0 z-10 h-9 border-b bg-surface px-3 font-normal text-muted",
        column.align === "end" ? "text-right" : "text-left",
        column.hideOnSmall && "max-sm:hidden",
      )}
    >
      {column.sortable ? (
        <button
          type="button"
          className={classNames(
            "group relative -mx-1 inline-flex max-w-full items-center rounded-sm px-1 hover:text-ink",
            sorted && "font-medium text-ink",
          )}
          onClick={() => model.getColumn(column.id)?.toggleSorting(sorted === "asc")}
        >
          <span className="truncate">{column.header}</span>
          <Arrow
            size={12}
            aria-hidden
            className={classNames(
              "absolute",
              column.align === "end" ? "-left-2.5" : "-right-2.5",
              !sorted && "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60",
            )}
          />
        </button>
      ) : (
        <span className="block truncate">{column.header}</span>
      )}
    </th>
  );
}

function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

function SkeletonRows<Row>({ columns, selectable }: { columns: readonly Column<Row>[]; selectable: boolean }) {
  return Array.from({ length: 12 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: identical shapes without identity
    <tr key={index} aria-hidden>
      {selectable ? <td className="h-9 border-b" /> : null}
      {columns.map((column) => (
        <td key={column.id} className={classNames("h-9 border-b px-3", column.hideOnSmall && "max-sm:hidden")}>
          <Skeleton className={column.primary ? "h-3.5 w-3/5" : "h-3.5 w-2/3"} />
        </td>
      ))}
    </tr>
  ));
}
