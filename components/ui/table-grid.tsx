"use client";
import type { RowData, Row as TableRow } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import type { Route } from "next";
import Link from "next/link";
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";
import { useShortcut } from "#components/ui/shortcut.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Column, features, TableModel } from "#components/ui/table-column.ts";

const rowHeight = 36;
const loadAheadRows = 30;

type TableGridProps<Row extends RowData> = {
  label: string;
  model: TableModel<Row>;
  columns: readonly Column<Row>[];
  rowName: (row: Row) => string;
  rowHref?: ((row: Row) => Route) | undefined;
  onOpen?: ((row: Row) => void) | undefined;
  selectable: boolean;
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
  const shown = columns.filter((column) => model.getColumn(column.id)?.getIsVisible() ?? true);
  const isVirtual = props.fit === "page";
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 1200, height: 720 },
    enabled: isVirtual,
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

  const span = shown.length + (selectable ? 1 : 0);
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
                  checked={model.getIsAllRowsSelected()}
                  indeterminate={model.getIsSomeRowsSelected() && !model.getIsAllRowsSelected()}
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
          {props.message && !props.loading ? (
            <tr>
              <td colSpan={span}>{props.message}</td>
            </tr>
          ) : null}
          <Spacer height={first * rowHeight} span={span} />
          {items.map((index) => {
            const row = rows[index];
            return row ? (
              <BodyRow
                key={row.id}
                {...props}
                row={row}
                index={index}
                shown={shown}
                isActive={index === active}
                onActive={() => setActive(index)}
              />
            ) : null;
          })}
          <Spacer height={(rows.length - last - 1) * rowHeight} span={span} />
        </tbody>
      </table>
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
            "group -mx-1 inline-flex max-w-full items-center gap-1 rounded-sm px-1 hover:text-ink",
            sorted && "font-medium text-ink",
          )}
          onClick={() => model.getColumn(column.id)?.toggleSorting(sorted === "asc")}
        >
          <span className="truncate">{column.header}</span>
          <Arrow
            size={13}
            aria-hidden
            className={sorted ? "shrink-0" : "shrink-0 opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60"}
          />
        </button>
      ) : (
        <span className="block truncate">{column.header}</span>
      )}
    </th>
  );
}

type BodyRowProps<Row extends RowData> = Pick<TableGridProps<Row>, "rowName" | "rowHref" | "onOpen" | "selectable"> & {
  row: TableRow<typeof features, Row>;
  index: number;
  shown: readonly Column<Row>[];
  isActive: boolean;
  onActive: () => void;
};

function BodyRow<Row extends RowData>({
  row,
  index,
  shown,
  isActive,
  onActive,
  selectable,
  rowName,
  rowHref,
  onOpen,
}: BodyRowProps<Row>) {
  const t = useTranslations("ui.table");
  const data = row.original;
  const opens = Boolean(rowHref ?? onOpen);
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      onFocus={onActive}
      className={classNames(
        "group/row relative",
        row.getIsSelected() ? "bg-accent-tint" : isActive ? "bg-subtle" : opens && "hover:bg-subtle",
      )}
    >
      {selectable ? (
        <td className="h-9 border-b pl-3">
          <span className="relative z-1 flex">
            <Checkbox
              aria-label={t("selectRow", { name: rowName(data) })}
              checked={row.getIsSelected()}
              onChange={(_, event) =>
                row.getToggleSelectedHandler()({ target: { checked: !row.getIsSelected() }, nativeEvent: event })
              }
            />
          </span>
        </td>
      ) : null}
      {shown.map((column) => {
        const content = column.cell ? column.cell(data) : String(column.value(data) ?? "");
        return (
          <td
            key={column.id}
            className={classNames(
              "h-9 truncate border-b px-3",
              column.align === "end" && "text-right",
              column.primary
                ? "font-medium text-ink"
                : "text-muted [&_:is(a,button,time,label,[tabindex])]:relative [&_:is(a,button,time,label,[tabindex])]:z-1",
              column.hideOnSmall && "max-sm:hidden",
            )}
          >
            {column.primary ? (
              <Opener data={data} rowHref={rowHref} onOpen={onOpen}>
                {content}
              </Opener>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

const openerClass =
  "block w-full truncate text-left after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink";

/** The link or button that opens the row; its hit area is the whole row. */
function Opener<Row>({
  data,
  rowHref,
  onOpen,
  children,
}: {
  data: Row;
  rowHref: ((row: Row) => Route) | undefined;
  onOpen: ((row: Row) => void) | undefined;
  children: ReactNode;
}) {
  if (rowHref) {
    return (
      <Link data-row-main href={rowHref(data)} prefetch={false} className={openerClass}>
        {children}
      </Link>
    );
  }
  if (onOpen) {
    return (
      <button type="button" data-row-main className={openerClass} onClick={() => onOpen(data)}>
        {children}
      </button>
    );
  }
  return (
    <span data-row-main tabIndex={-1} className={openerClass}>
      {children}
    </span>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0 }} />
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
