import {
  type ColumnDef,
  columnFacetingFeature,
  columnFilteringFeature,
  columnVisibilityFeature,
  createFacetedRowModel,
  createFacetedUniqueValues,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  type ReactTable,
  type RowData,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

/** What a cell is worth for sorting, searching, filtering and export. */
export type CellValue = string | number | boolean | null;

/** One column of a DataTable. Widths in pixels; a column without `width` shares what is left. Keep the array stable. */
export type Column<Row> = {
  id: string;
  header: string;
  value: (row: Row) => CellValue;
  /** How it looks; default: the value as text. */
  cell?: (row: Row) => ReactNode;
  width?: number;
  minWidth?: number;
  align?: "start" | "end";
  sortable?: boolean;
  /** The cell that names the row and opens it. One per table; it cannot be hidden. */
  primary?: boolean;
  initiallyHidden?: boolean;
  /** Left out below 640 px. */
  hideOnSmall?: boolean;
};

/** A filter by the values of one column. In client mode the counts are computed. */
export type Facet = { id: string; label: string; options: readonly { value: string; label: string; count?: number }[] };

/** The features of TanStack Table a DataTable uses. */
export const features = tableFeatures({
  columnVisibilityFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  columnFacetingFeature,
  rowSortingFeature,
  rowSelectionFeature,
  filteredRowModel: createFilteredRowModel(),
  facetedRowModel: createFacetedRowModel(),
  facetedUniqueValues: createFacetedUniqueValues(),
  sortedRowModel: createSortedRowModel(),
  filterFns: { includesString: filterFn_includesString },
});

/** The table instance behind a DataTable. */
export type TableModel<Row extends RowData> = ReactTable<typeof features, Row>;

/** Column definitions for TanStack Table. */
export function columnDefs<Row extends RowData>(columns: readonly Column<Row>[]): ColumnDef<typeof features, Row>[] {
  return columns.map((column) => ({
    id: column.id,
    header: column.header,
    accessorFn: column.value,
    enableSorting: column.sortable ?? false,
    enableHiding: !column.primary,
    sortFn: (a, b, id) => compareValues(a.getValue<CellValue>(id), b.getValue<CellValue>(id)),
    filterFn: (row, id, wanted: readonly string[]) => wanted.includes(String(row.getValue<CellValue>(id))),
  }));
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Ascending; nothing comes last. */
function compareValues(a: CellValue, b: CellValue): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === "string" && typeof b === "string") return collator.compare(a, b);
  return Number(a) - Number(b);
}
