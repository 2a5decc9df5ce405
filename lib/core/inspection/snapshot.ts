import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";

export type { Effect } from "#lib/core/effect.ts";

/** What a server offers; all four kinds are governed alike. */
export type CapabilityKind = "tool" | "resource" | "resource_template" | "prompt";

/** One thing that a server offers, its definition exactly as served. Resources are named by their URI, templates by their URI template. */
export type Capability = { kind: CapabilityKind; name: string; definition: JsonObject };

/** The TLS peer that answered. Times are ISO 8601; `spkiSha256` is the lower-case hex SHA-256 of the public key (RFC 7469, section 2.4). */
export type TlsIdentity = {
  subject: string;
  issuer: string;
  validFrom: string;
  validTo: string;
  spkiSha256: string;
  alpn: string | null;
  authorized: boolean;
};

/** What the server says about itself in its handshake. Self-reported: never a basis for trust. */
export type ServerDescription = {
  protocolVersion: string;
  serverInfo: JsonObject;
  instructions: string | null;
  capabilities: JsonObject;
};

/** The exact package behind a stdio server. `integrity` is the registry's SRI string, `lockDigest` covers every locked dependency. */
export type PackageIdentity = {
  name: string;
  version: string;
  integrity: string;
  lockDigest: string;
  argv: string[];
};

/** Who a server is: where it answers and what it says about itself. */
export type ServerIdentity =
  | (ServerDescription & { transport: "streamable-http"; url: string; host: string; tls: TlsIdentity | null })
  | (ServerDescription & { transport: "stdio"; package: PackageIdentity });

/** One look at a server. Capabilities are ordered by kind, then name, so that equal servers give equal snapshots. */
export type ServerSnapshot = { identity: ServerIdentity; capabilities: Capability[] };

/** SHA-256 of the UTF-8 bytes of a text, as lower-case hex. Handed in, so that the core stays free of I/O modules. */
export type Sha256Hex = (text: string) => string;

const kinds: readonly CapabilityKind[] = ["tool", "resource", "resource_template", "prompt"];

/** Capabilities in their one order: kind (tool, resource, resource_template, prompt), then name by UTF-16 code unit. */
export function orderCapabilities(capabilities: readonly Capability[]): Capability[] {
  return [...capabilities].sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** The digest that pins a definition: SHA-256 over its canonical form (RFC 8785). Every field counts, known or not. */
export function definitionDigest(definition: JsonObject, sha256Hex: Sha256Hex): string {
  return sha256Hex(canonicalize(definition));
}

/**
 * The canonical content of a connector version: what is pinned of the identity, and kind, name and digest of each capability.
 * A renewed certificate for the same key is the same content; a new key, issuer, address or package is not.
 */
export function snapshotContent(snapshot: ServerSnapshot, sha256Hex: Sha256Hex): JsonObject {
  return {
    identity: pinnedIdentity(snapshot.identity),
    capabilities: orderCapabilities(snapshot.capabilities).map(({ kind, name, definition }) => ({
      kind,
      name,
      digest: definitionDigest(definition, sha256Hex),
    })),
  };
}

/** The parts of an identity that a version pins; certificate validity, ALPN and the trust verdict are facts of one moment and stay out. */
export function pinnedIdentity(identity: ServerIdentity): JsonObject {
  const { protocolVersion, serverInfo, instructions, capabilities } = identity;
  const described: Record<string, JsonValue> = { protocolVersion, serverInfo, instructions, capabilities };
  if (identity.transport === "stdio") return { transport: "stdio", package: { ...identity.package }, ...described };
  const { url, host, tls } = identity;
  return {
    transport: "streamable-http",
    url,
    host,
    tls: tls === null ? null : { subject: tls.subject, issuer: tls.issuer, spkiSha256: tls.spkiSha256 },
    ...described,
  };
}
