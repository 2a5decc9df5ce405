/** A value in a table; null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/**
 * The text of a cell before quoting. What a spreadsheet would run as a formula gets a leading apostrophe (OWASP ASVS 5.0 V1.2.10).
 */
export function cellText(cell: CsvCell): string {
  const text = cell === null ? "" : String(cell);
  return /^[=+\-@\t\r]/.test(text) && typeof cell !== "number" ? `'${text}` : text;
}

/** One row with its line end (RFC 4180). */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map((cell) => quoted(cellText(cell))).join(",")}\r\n`;
}

/** A whole table. The first row is the header. */
export function writeCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map(csvRow).join("");
}

/**
 * The rows of a table as {@link writeCsv} writes it, header first; cells keep their apostrophe.
 * @throws {TypeError} when the text is not exactly what it would write, or rows differ in width
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '"' ? endOfQuoted(text, at) : endOfPlain(text, at);
    const raw = text.slice(at, end);
    const cell = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
    if (quoted(cell) !== raw) throw new TypeError(`A cell is not quoted as it must be: ${raw.slice(0, 40)}`);
    row.push(cell);
    if (text[end] === ",") {
      at = end + 1;
      if (at === text.length) throw new TypeError("The last row has no end");
    } else {
      if (!text.startsWith("\r\n", end)) throw new TypeError("A row does not end in CR LF");
      if (row.length !== (rows[0] ?? row).length) throw new TypeError("Rows differ in width");
      rows.push(row);
      row = [];
      at = end + 2;
    }
  }
  return rows;
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function endOfPlain(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "," && text[at] !== "\r") at++;
  return at;
}

function endOfQuoted(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  throw new TypeError("A quote is not closed");
}
