import { addEgress, listEgress, removeEgress } from "#lib/domain/settings/egress.ts";
import { getTiers, updateTiers } from "#lib/domain/settings/tiers.ts";

export const settingOperations = {
  "tiers.get": getTiers,
  "tiers.update": updateTiers,
  "egress.list": listEgress,
  "egress.add": addEgress,
  "egress.remove": removeEgress,
};
