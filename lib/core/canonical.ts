/** A value that JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Absent members are absent, never `undefined`. */
export type JsonObject = { readonly [name: string]: JsonValue };

const deepest = 200;

/**
 * The RFC 8785 (JCS) text of a JSON value: members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
 * @throws {TypeError} for what JSON cannot carry faithfully: `undefined`, functions, symbols, bigints, class instances, sparse arrays,
 *   non-finite numbers, lone surrogates, and values nested deeper than 200 levels
 */
export function canonicalize(value: JsonValue): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError("A number in JSON must be finite");
      return String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth === deepest) throw new TypeError(`JSON must not be nested deeper than ${deepest} levels`);
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("A string in JSON must not contain a lone surrogate");
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = "[";
  for (let i = 0; i < items.length; i++) text += (i === 0 ? "" : ",") + write(items[i], depth);
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  const prototype = Object.getPrototypeOf(object);
  // A second prototype means a class (Date, Map …) whose content would silently vanish; this test also holds across realms.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new TypeError("JSON has plain objects only");
  }
  const members = object as Record<string, unknown>;
  let text = "{";
  let separator = "";
  for (const name of Object.keys(members).sort()) {
    text += `${separator}${writeString(name)}:${write(members[name], depth)}`;
    separator = ",";
  }
  return `${text}}`;
}
