import { enableConnector } from "#lib/domain/connectors/enable.ts";
import { getConnector } from "#lib/domain/connectors/get.ts";
import { listConnectors } from "#lib/domain/connectors/list.ts";
import { relabelTool } from "#lib/domain/connectors/relabel.ts";
import { resumeConnector } from "#lib/domain/connectors/resume.ts";
import { retireConnector } from "#lib/domain/connectors/retire.ts";
import { setConnectorOwner } from "#lib/domain/connectors/set-owner.ts";
import { suspendConnector } from "#lib/domain/connectors/suspend.ts";
import { getTool } from "#lib/domain/connectors/tool-get.ts";
import { listTools } from "#lib/domain/connectors/tools-list.ts";
import { getVersion, listVersions } from "#lib/domain/connectors/versions.ts";

export const connectorOperations = {
  "connectors.list": listConnectors,
  "connectors.get": getConnector,
  "connectors.versions": listVersions,
  "connectors.version": getVersion,
  "connectors.enable": enableConnector,
  "connectors.suspend": suspendConnector,
  "connectors.resume": resumeConnector,
  "connectors.retire": retireConnector,
  "connectors.set-owner": setConnectorOwner,
  "tools.list": listTools,
  "tools.get": getTool,
  "tools.relabel": relabelTool,
};
