import { ApiError } from "#lib/client/call.ts";

/** Writes a value: as JSON, so that scripts can read it. */
export function print(value: unknown): void {
  process.stdout.write(`${typeof value === "string" ? value : JSON.stringify(value, null, 2)}\n`);
}

/** Writes what happened and what to do on stderr. @returns the exit code: 1 refused, 2 not reachable or a bug */
export function failure(error: unknown): number {
  if (error instanceof ApiError) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    for (const { path, message } of error.problem?.issues ?? []) process.stderr.write(`  ${path}: ${message}\n`);
    if (error.code === "not_signed_in" || error.code === "token_invalid") process.stderr.write("Run: ambit login\n");
    return error.code === "network" || error.status >= 500 ? 2 : 1;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
}
