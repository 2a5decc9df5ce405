import { utf8Text } from "#lib/core/log/bytes.ts";
import { cellText, parseCsv } from "#lib/core/pack/csv.ts";
import type { Report } from "#lib/core/pack/finding.ts";
import { type IndexedEvent, isLogColumn, logCell, logRows, logTables } from "#lib/core/pack/log-table.ts";
import type { PackFiles } from "#lib/core/pack/verify-files.ts";

/** Checks that the tables made from the log have one row per event of their types, and in each column what the event says. */
export function verifyTables(files: PackFiles, entries: readonly IndexedEvent[], report: Report): void {
  report.done("population");
  for (const path of Object.keys(logTables)) {
    try {
      verifyTable(path, parseCsv(utf8Text(files.get(path) ?? new Uint8Array(0))), entries, report);
    } catch (error) {
      report.fail("population", "TAMPERED", error instanceof Error ? error.message : String(error), path);
    }
  }
}

function verifyTable(path: string, rows: readonly string[][], entries: readonly IndexedEvent[], report: Report): void {
  const [columns, ...records] = rows;
  if (columns === undefined || new Set(columns).size !== columns.length || !columns.every(isLogColumn)) {
    throw new TypeError("A column does not name anything in an event");
  }
  const idColumn = columns.indexOf("id");
  if (idColumn < 0) throw new TypeError("The column id is missing");
  const expected = new Map(logRows(path, entries).map((row) => [row.entry.event.id, row]));
  for (const record of records) {
    const id = record[idColumn] ?? "";
    const row = expected.get(id);
    if (row === undefined) {
      report.fail("population", "TAMPERED", `A row names ${id}, which the log does not have for it`, path);
      continue;
    }
    expected.delete(id);
    for (const [i, column] of columns.entries()) {
      if (record[i] !== cellText(logCell(column, row))) {
        report.fail("population", "TAMPERED", `The row of ${id} differs from the log in ${column}`, path);
      }
    }
  }
  for (const id of expected.keys()) report.fail("population", "TAMPERED", `${id} is in the log but has no row`, path);
}
