import { listAccess } from "#lib/domain/access/list.ts";
import { accessMatrix } from "#lib/domain/access/matrix.ts";
import { whyAccess } from "#lib/domain/access/why.ts";

export const accessOperations = {
  "access.list": listAccess,
  "access.matrix": accessMatrix,
  "access.why": whyAccess,
};
