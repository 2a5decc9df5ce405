import type { JsonValue } from "#lib/core/canonical.ts";

/** Severities of log messages (RFC 5424, section 6.2.1), as MCP names them, least severe first. */
const levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;
export type LogLevel = (typeof levels)[number];

export function isLogLevel(value: JsonValue | undefined): value is LogLevel {
  return levels.some((level) => level === value);
}

/** Whether a message of one level is wanted by who asked for another and what is more severe. */
export function isWanted(level: JsonValue | undefined, least: LogLevel): boolean {
  return isLogLevel(level) && levels.indexOf(level) >= levels.indexOf(least);
}
