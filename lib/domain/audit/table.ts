import { getActivity } from "#lib/domain/audit/get.ts";
import { listActivity } from "#lib/domain/audit/list.ts";
import { getCheckpoint, getConsistency } from "#lib/domain/audit/log.ts";

export const auditOperations = {
  "activity.list": listActivity,
  "activity.get": getActivity,
  "log.checkpoint": getCheckpoint,
  "log.consistency": getConsistency,
};
