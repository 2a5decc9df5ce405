import { exportEvidence } from "#lib/domain/evidence/export.ts";
import { getEvidence } from "#lib/domain/evidence/get.ts";
import { listEvidence } from "#lib/domain/evidence/list.ts";

export const evidenceOperations = {
  "evidence.list": listEvidence,
  "evidence.get": getEvidence,
  "evidence.export": exportEvidence,
};
