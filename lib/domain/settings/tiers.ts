import { DomainError } from "#lib/contract/errors.ts";
import { TierSettings } from "#lib/contract/settings.ts";
import { settingsProblems } from "#lib/core/review/stages.ts";
import type { Tx } from "#lib/db/tx.ts";
import { implementQuery, implementTwo, listed } from "#lib/domain/implement.ts";

/** The tiers in force, and the version that a request freezes. */
export async function currentTiers(tx: Tx) {
  const row = await tx.tierConfig.findFirstOrThrow({ orderBy: { version: "desc" } });
  return { version: row.version, settings: TierSettings.parse(row.settings), createdAt: row.createdAt.toISOString() };
}

export const getTiers = implementQuery("tiers.get", {
  load: async ({ caller }) => ({ resource: null, facts: listed(caller) }),
  run: ({ tx }) => currentTiers(tx),
});

/** Fewer stages or longer grants widen, so a second administrator confirms exactly these settings. */
export const updateTiers = implementTwo("tiers.update", {
  load: async ({ tx }) => ({ resource: await currentTiers(tx), facts: {} }),
  async propose(_context, current, { settings }) {
    const [problem] = settingsProblems(settings);
    if (problem !== undefined) {
      throw new DomainError("invalid_input", `Tier ${problem.tier}: ${problem.problem.replaceAll("_", " ")}.`);
    }
    return {
      subjectId: nextVersion(current),
      summary: "Change tiers, stages and due times",
      beneficiaries: [],
    };
  },
  async applyChange({ tx }, current, { settings }, change) {
    const { subjectId } = await tx.change.findUniqueOrThrow({ where: { id: change.id }, select: { subjectId: true } });
    if (subjectId !== nextVersion(current)) {
      throw new DomainError("conflict", "The tiers changed since this was proposed. Propose it again.");
    }
    const version = current.version + 1;
    await tx.tierConfig.create({ data: { version, settings, source: "change", changeId: change.id } });
    return [{ type: "tier.changed", subjects: [change.id], data: { version, change: change.id } }];
  },
});

/** What a change of the tiers is about: the version that it would make. */
function nextVersion({ version }: { version: number }): string {
  return `tiers_${version + 1}`;
}
