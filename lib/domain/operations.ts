import type { OperationId } from "#lib/contract/index.ts";
import { accessOperations } from "#lib/domain/access/table.ts";
import { agentOperations } from "#lib/domain/agents/table.ts";
import { auditOperations } from "#lib/domain/audit/table.ts";
import { changeOperations } from "#lib/domain/changes/table.ts";
import { connectorOperations } from "#lib/domain/connectors/table.ts";
import { evidenceOperations } from "#lib/domain/evidence/table.ts";
import { grantOperations } from "#lib/domain/grants/table.ts";
import { homeOperations } from "#lib/domain/home/table.ts";
import type { AnyImplementation } from "#lib/domain/implement.ts";
import { peopleOperations } from "#lib/domain/people/table.ts";
import { probeOperations } from "#lib/domain/probes/table.ts";
import { requestOperations } from "#lib/domain/requests/table.ts";
import { settingOperations } from "#lib/domain/settings/table.ts";

/** Every operation with its use case. One that is declared and not implemented does not compile. */
export const implementations: Record<OperationId, AnyImplementation> = {
  ...homeOperations,
  ...requestOperations,
  ...probeOperations,
  ...connectorOperations,
  ...agentOperations,
  ...grantOperations,
  ...accessOperations,
  ...auditOperations,
  ...evidenceOperations,
  ...peopleOperations,
  ...settingOperations,
  ...changeOperations,
};
