import type { z } from "zod";
import type { FieldChange } from "#components/ui/diff-view.tsx";
import type { TierSettings } from "#lib/contract/settings.ts";
import { tiers } from "#lib/core/review/tier.ts";

type Settings = z.infer<typeof TierSettings>;

/** What differs between two settings of tiers, field by field: `high.security.quorum`, before and after. */
export function tierDiff(before: Settings, after: Settings): FieldChange[] {
  const was = fieldsOf(before);
  const is = fieldsOf(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }));
}

function fieldsOf(settings: Settings): Map<string, string> {
  const fields = new Map<string, string>();
  for (const tier of tiers) {
    const { stages, dueWorkingDays, grantMaxDays } = settings[tier];
    fields.set(`${tier}.dueWorkingDays`, String(dueWorkingDays));
    fields.set(`${tier}.grantMaxDays`, String(grantMaxDays));
    for (const { kind, quorum, after } of stages) {
      fields.set(`${tier}.${kind}.quorum`, String(quorum));
      if (after !== undefined && after.length > 0) fields.set(`${tier}.${kind}.after`, after.join(", "));
    }
  }
  return fields;
}
