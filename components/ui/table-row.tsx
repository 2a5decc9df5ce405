"use client";
import type { RowData, Row as TableRow } from "@tanstack/react-table";
import type { Route } from "next";
import Link from "next/link";
import { memo, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { CellValue, Column, features } from "#components/ui/table-column.ts";

/** How rows are named, opened and selected. */
export type RowActs<Row> = {
  rowName: (row: Row) => string;
  rowHref?: ((row: Row) => Route) | undefined;
  onOpen?: ((row: Row) => void) | undefined;
  selectable: boolean;
};

type BodyRowProps<Row extends RowData> = RowActs<Row> & {
  row: TableRow<typeof features, Row>;
  index: number;
  shown: readonly Column<Row>[];
  isActive: boolean;
  isSelected: boolean;
  onActive: (index: number) => void;
};

function Row<Row extends RowData>({
  row,
  index,
  shown,
  isActive,
  isSelected,
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
      onFocus={() => onActive(index)}
      className={classNames(
        "group/row relative",
        isSelected ? "bg-accent-tint" : isActive ? "bg-subtle" : opens && "hover:bg-subtle",
      )}
    >
      {selectable ? (
        <td className="h-9 border-b pl-3">
          <span className="relative z-1 flex">
            <Checkbox
              aria-label={t("selectRow", { name: rowName(data) })}
              checked={isSelected}
              onChange={(_, event) =>
                row.getToggleSelectedHandler()({ target: { checked: !isSelected }, nativeEvent: event })
              }
            />
          </span>
        </td>
      ) : null}
      {shown.map((column) => {
        const content = column.cell ? column.cell(data) : plainText(column.value(data));
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

/** One row of 36 px. Its primary cell holds the link or button that opens it; the hit area is the whole row. Scrolling renders only rows that are new. */
export const BodyRow = memo(Row) as typeof Row;

function plainText(value: CellValue): string {
  return typeof value === "number" ? value.toLocaleString("en") : String(value ?? "");
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
