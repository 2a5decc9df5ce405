import { expireChanges } from "#lib/domain/changes/expire.ts";
import { suspendLapsed } from "#lib/domain/connectors/lapse.ts";
import { expireGrants } from "#lib/domain/grants/expire.ts";
import { advanceDueRequests } from "#lib/domain/requests/due.ts";
import { reviseShortages } from "#lib/domain/requests/shortages.ts";
import { logger } from "#lib/platform/logger.ts";

const steps = {
  requests: advanceDueRequests,
  shortages: reviseShortages,
  grants: expireGrants,
  changes: expireChanges,
  approvals: suspendLapsed,
};

/** Everything that time does, by the database's clock. Repeating it does nothing; a step that fails does not keep the others from theirs. */
export async function advanceDue(): Promise<void> {
  const failed: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      const count = await step();
      if (count > 0) logger().info({ step: name, count }, "due");
    } catch (error) {
      failed.push(name);
      logger().error({ err: error, step: name }, "what is due could not be done");
    }
  }
  if (failed.length > 0) throw new Error(`not done: ${failed.join(", ")}`);
}
