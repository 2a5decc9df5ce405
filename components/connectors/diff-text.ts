/** A value of a diff as text: strings as they are, everything else as indented JSON. */
export function diffText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
