import { cancelDelegate, setDelegate } from "#lib/domain/people/delegates.ts";
import { listPeople, listTeams } from "#lib/domain/people/list.ts";
import { getMe } from "#lib/domain/people/me.ts";
import { assignRole, nameSecondAdministrator, removeRole } from "#lib/domain/people/roles.ts";
import { claimSetup } from "#lib/domain/people/setup.ts";
import { resumePerson, suspendPerson } from "#lib/domain/people/suspend.ts";
import { addTeamMember, createTeam, removeTeamMember } from "#lib/domain/people/teams.ts";
import { createToken, listTokens, revokeToken } from "#lib/domain/people/tokens.ts";

export const peopleOperations = {
  "people.me": getMe,
  "people.list": listPeople,
  "people.suspend": suspendPerson,
  "people.resume": resumePerson,
  "roles.assign": assignRole,
  "roles.remove": removeRole,
  "roles.name-second-administrator": nameSecondAdministrator,
  "setup.claim": claimSetup,
  "teams.list": listTeams,
  "teams.create": createTeam,
  "teams.add-member": addTeamMember,
  "teams.remove-member": removeTeamMember,
  "delegates.set": setDelegate,
  "delegates.cancel": cancelDelegate,
  "tokens.list": listTokens,
  "tokens.create": createToken,
  "tokens.revoke": revokeToken,
};
