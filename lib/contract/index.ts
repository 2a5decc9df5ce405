import type { z } from "zod";
import { access } from "#lib/contract/access.ts";
import { activity } from "#lib/contract/activity.ts";
import { agents } from "#lib/contract/agents.ts";
import { changes } from "#lib/contract/changes.ts";
import { connectors } from "#lib/contract/connectors.ts";
import { evidence } from "#lib/contract/evidence.ts";
import { grants } from "#lib/contract/grants.ts";
import { home } from "#lib/contract/home.ts";
import { people } from "#lib/contract/people.ts";
import { probes } from "#lib/contract/probes.ts";
import { requests } from "#lib/contract/requests.ts";
import { settings } from "#lib/contract/settings.ts";
import { tokens } from "#lib/contract/tokens.ts";
import { tools } from "#lib/contract/tools.ts";

/** Everything that Ambit can be asked to do. REST, OpenAPI, client, command line and the authorization matrix are loops over it. */
export const operations = {
  ...home,
  ...requests,
  ...probes,
  ...connectors,
  ...tools,
  ...agents,
  ...grants,
  ...access,
  ...activity,
  ...evidence,
  ...people,
  ...tokens,
  ...settings,
  ...changes,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;
/** What callers send (before defaults and coercion). */
export type InputOf<Id extends OperationId> = z.input<Operations[Id]["input"]>;
/** What the implementation receives. */
export type ParsedInputOf<Id extends OperationId> = z.output<Operations[Id]["input"]>;
export type OutputOf<Id extends OperationId> = z.output<Operations[Id]["output"]>;
export type QueryId = { [Id in OperationId]: Operations[Id]["kind"] extends "query" ? Id : never }[OperationId];
export type MutationId = { [Id in OperationId]: Operations[Id]["kind"] extends "mutation" ? Id : never }[OperationId];
