import { getAgent } from "#lib/domain/agents/get.ts";
import { addAgentKey, revokeAgentKey } from "#lib/domain/agents/keys.ts";
import { listAgents } from "#lib/domain/agents/list.ts";
import { registerAgent } from "#lib/domain/agents/register.ts";
import { resumeAgent } from "#lib/domain/agents/resume.ts";
import { retireAgent } from "#lib/domain/agents/retire.ts";
import { suspendAgent } from "#lib/domain/agents/suspend.ts";

export const agentOperations = {
  "agents.list": listAgents,
  "agents.get": getAgent,
  "agents.register": registerAgent,
  "agents.add-key": addAgentKey,
  "agents.revoke-key": revokeAgentKey,
  "agents.suspend": suspendAgent,
  "agents.resume": resumeAgent,
  "agents.retire": retireAgent,
};
