import { join } from "node:path";
import { embeddedOwnerUrl } from "#lib/instance/postgres.ts";
import { issueCode } from "#lib/instance/setup-code.ts";
import { env } from "#lib/platform/env.ts";

/** `npm run recover`, on the host of a running instance: a code with which a person who signs in becomes administrator. */
try {
  const { DATABASE_URL, AMBIT_DATA_DIR, AMBIT_URL } = env();
  const ownerUrl = DATABASE_URL ?? (await embeddedOwnerUrl(join(AMBIT_DATA_DIR, "postgres")));
  const code = await issueCode(ownerUrl, "recovery");
  process.stdout.write(
    `Recovery code (single use, 15 minutes): ${code}\nSign in at ${AMBIT_URL} and enter it at ${AMBIT_URL}/setup. Administrators and auditors are told.\n`,
  );
} catch (error) {
  process.stderr.write(`No recovery code was made: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
