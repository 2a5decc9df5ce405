import { confirmChange, rejectChange } from "#lib/domain/changes/decide.ts";
import { listChanges } from "#lib/domain/changes/list.ts";

export const changeOperations = {
  "changes.list": listChanges,
  "changes.confirm": confirmChange,
  "changes.reject": rejectChange,
};
