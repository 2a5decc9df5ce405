const cellMax = 40;
const fieldMax = 400;

/** What people read on a terminal: a list as a table, one thing as lines of name and value. @param width of the terminal, in columns */
export function forPeople(value: unknown, width = 100): string {
  if (Array.isArray(value)) return table(value, width);
  if (!isRecord(value)) return String(value);
  if (!Array.isArray(value.items)) return lines(value);
  const { items, nextCursor } = value;
  return `${table(items, width)}${typeof nextCursor === "string" ? `\nThere is more: --cursor ${nextCursor}` : ""}`;
}

function table(rows: readonly unknown[], width: number): string {
  if (rows.length === 0) return "None.";
  const records = rows.map((row) => (isRecord(row) ? row : { value: row }));
  const names = [...new Set(records.flatMap((row) => Object.keys(row)))];
  const columns = names
    .map((name) => [name, ...records.map((row) => cut(cell(row[name]), cellMax))])
    .filter(([, ...cells]) => cells.some((text) => text !== ""))
    .map((texts) => ({ texts, width: Math.max(...texts.map(({ length }) => length)) }));
  let used = 0;
  const fit = columns.filter((column, at) => {
    used += column.width + 2;
    return at === 0 || used <= width + 2;
  });
  const text = ["", ...records].map((_, line) =>
    fit
      .map((column) => (column.texts[line] ?? "").padEnd(column.width))
      .join("  ")
      .trimEnd(),
  );
  const left = names.length - fit.length;
  return [...text, ...(left > 0 ? [`--json shows ${left} more fields.`] : [])].join("\n");
}

function lines(record: Record<string, unknown>): string {
  const width = Math.max(...Object.keys(record).map(({ length }) => length));
  return Object.entries(record)
    .map(([name, value]) => `${name.padEnd(width)}  ${cut(cell(value), fieldMax)}`.trimEnd())
    .join("\n");
}

/** One line without control characters, which could rewrite a terminal. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(cell).join(", ");
  if (isRecord(value)) return typeof value.name === "string" ? cell(value.name) : cell(JSON.stringify(value));
  return String(value).replaceAll(/[\p{C}\s]+/gu, " ");
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
