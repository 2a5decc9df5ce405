/** Where an instance's authorization server answers, all from its issuer (an origin without path). */
export interface Endpoints {
  issuer: string;
  token: string;
  jwks: string;
  metadata: string;
}

export const tokenPath = "/oauth/token";
export const jwksPath = "/oauth/jwks";
export const metadataPath = "/.well-known/oauth-authorization-server";
/** Clients of older MCP revisions look here (RFC 8414, section 5); the document is the same. */
export const openidMetadataPath = "/.well-known/openid-configuration";

/** The one scope: what its bearer may do is decided per call, from its grants. */
export const tokenScope = "mcp";
export const assertionAlgorithms = ["EdDSA", "ES256"] as const;
export const tokenLifetimeSeconds = 600;
export const assertionLifetimeSecondsMax = 300;

/**
 * @param issuer e.g. `https://gateway.example.com`
 * @throws Error when it has a path, a query or a trailing slash
 */
export function endpointsOf(issuer: string): Endpoints {
  if (new URL(issuer).origin !== issuer)
    throw new Error(`AMBIT_GATEWAY_URL must be an origin without a path: ${issuer}`);
  return { issuer, token: issuer + tokenPath, jwks: issuer + jwksPath, metadata: issuer + metadataPath };
}

/** Whether a text is the URL of an MCP endpoint of this instance, `<issuer>/mcp` or `<issuer>/mcp/s/<connector>`, character by character. */
export function isMcpEndpoint(issuer: string, resource: string): boolean {
  const prefix = `${issuer}/mcp/s/`;
  if (resource === `${issuer}/mcp`) return true;
  return (
    resource.length <= 300 &&
    resource.startsWith(prefix) &&
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(resource.slice(prefix.length))
  );
}

/** Authorization server metadata (RFC 8414). */
export function metadataOf({ issuer, token, jwks }: Endpoints) {
  return {
    issuer,
    token_endpoint: token,
    jwks_uri: jwks,
    // no grant type here uses it (it answers 404), but MCP's reference client insists on the member
    authorization_endpoint: `${issuer}/oauth/authorize`,
    response_types_supported: [],
    grant_types_supported: ["client_credentials"],
    scopes_supported: [tokenScope],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  };
}
