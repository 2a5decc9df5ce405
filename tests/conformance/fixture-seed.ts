import type { JsonObject } from "#lib/core/canonical.ts";
import type { Capability, CapabilityKind } from "#lib/core/inspection/snapshot.ts";
import {
  fixtureCapabilities,
  fixtureName,
  fixturePrompts,
  fixtureResources,
  fixtureTemplates,
  fixtureTools,
} from "#tests/conformance/fixture-definitions.ts";
import type { ConnectorSeed } from "#tests/support/estate.ts";

/** How the fixture speaks: with sessions only, stateless only, or either. */
export const eras = ["legacy", "modern", "both"] as const;
export type Era = (typeof eras)[number];

/** The fixture as a connector whose every tool, resource, template and prompt is approved as it is served. */
export function fixtureSeed(url: string, era: Era): ConnectorSeed {
  const identity = {
    transport: "streamable-http",
    url,
    host: "127.0.0.1",
    tls: null,
    protocolVersion: era === "modern" ? "2026-07-28" : "2025-11-25",
    serverInfo: { name: fixtureName, version: "1.0.0" },
    instructions: null,
    capabilities: fixtureCapabilities,
  };
  const effects = { test_trigger_tool_change: "write", test_trigger_prompt_change: "write" } as const;
  return { url, identity, tools: fixtureTools, others, effects };
}

function ofKind(kind: CapabilityKind, nameField: string, definitions: readonly JsonObject[]): Capability[] {
  return definitions.map((definition) => ({ kind, name: String(definition[nameField]), definition }));
}

const others = [
  ...ofKind("resource", "uri", fixtureResources),
  ...ofKind("resource_template", "uriTemplate", fixtureTemplates),
  ...ofKind("prompt", "name", fixturePrompts),
];
