import { everyItem, type People } from "#lib/demo/people.ts";
import { byTwo } from "#lib/demo/two-persons.ts";

type Member = { memberKind: "user" | "agent"; memberId: string };

/** A team with these members; what exists already stays. */
export async function ensureTeam(
  { administrator, platform }: People,
  name: string,
  kind: "business" | "security",
  members: readonly Member[],
): Promise<void> {
  const teams = await everyItem((cursor) => administrator.ask("teams.list", { cursor }));
  const team = teams.find((one) => one.name === name) ?? (await administrator.ask("teams.create", { name, kind }));
  for (const member of members) {
    if (team.members.some(({ memberId }) => memberId === member.memberId)) continue;
    const input = { teamId: team.id, ...member, reason: `Works for the ${name}` };
    await byTwo(administrator, platform, "teams.add-member", input);
  }
}
