import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";

const secretName =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authori[sz]ation|credential|cookie|bearer|^(?:pwd|pin|otp|auth)$/i;
const secretText = new RegExp(
  [
    "\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]+", // JSON web tokens
    "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    "(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|sk_live_|rk_live_|npm_|AIza|ya29\\.|AKIA|ASIA|ambit_)[\\w-]{12,}",
    "\\b(?:[Bb]earer|[Bb]asic)\\s+[\\w+/=.~-]{12,}",
    "(?<=://[^/\\s:@]{1,64}:)[^/\\s@]{1,256}(?=@)", // password in a URL
  ].join("|"),
  "g",
);

/** What stands where something was taken out. */
export const redacted = "[redacted]";

/**
 * A copy of a value without what looks like a secret: everything under a member whose name says so, and tokens or keys inside
 * of texts. Careful rather than exact: it may take out too much, and cannot know a secret that looks like an ordinary word.
 */
export function redact(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.length < 12 ? value : value.replace(secretText, redacted);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(redact);
  const members = value as JsonObject;
  return Object.fromEntries(
    Object.entries(members).map(([name, item]) => [
      name,
      secretName.test(name) && item !== null && typeof item !== "boolean" ? redacted : redact(item),
    ]),
  );
}
