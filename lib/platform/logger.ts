import pino from "pino";
import { env } from "#lib/platform/env.ts";

let root: pino.Logger | undefined;

/**
 * The structured log of this process (JSON lines on stderr): ids, never payloads or secrets. Not the audit log.
 * Use `logger().child({ requestId, principalId, operationId })`.
 */
export function logger(): pino.Logger {
  root ??= pino(
    {
      level: env().AMBIT_LOG_LEVEL,
      redact: {
        paths: ["authorization", "cookie", "*.authorization", "*.cookie", "*.token", "*.secret"],
        remove: true,
      },
    },
    pino.destination({ fd: 2, sync: false }),
  );
  return root;
}
