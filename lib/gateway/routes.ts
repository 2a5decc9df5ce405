/** What the gateway serves: the closed table. Everything else is 404, another method of a known path 405. */
export type Route =
  | { kind: "health" }
  /** `slug` is null for the agent's whole estate (`/mcp`). */
  | { kind: "resource-metadata"; slug: string | null }
  | { kind: "authorization-server" }
  | { kind: "mcp"; slug: string | null }
  | { kind: "method-not-allowed"; allow: string }
  | { kind: "not-found" };

const slugPattern = "([a-z0-9]+(?:-[a-z0-9]+)*)";
const mcp = new RegExp(`^/mcp/s/${slugPattern}$`);
const metadata = new RegExp(`^/\\.well-known/oauth-protected-resource/mcp/s/${slugPattern}$`);
const authorizationServer =
  /^\/(?:oauth(?:\/[A-Za-z0-9._~/-]*)?|\.well-known\/(?:oauth-authorization-server|openid-configuration)(?:\/oauth)?)$/;

/** The route of a request line. Paths are taken as they are: no decoding, no normalisation, no trailing slash. */
export function routeOf(method: string, path: string): Route {
  if (path === "/health") return allowed(method, ["GET", "HEAD"], { kind: "health" });
  if (path === "/mcp") return allowed(method, ["POST", "GET", "DELETE"], { kind: "mcp", slug: null });
  if (path === "/.well-known/oauth-protected-resource/mcp")
    return allowed(method, ["GET"], { kind: "resource-metadata", slug: null });
  const endpoint = mcp.exec(path)?.[1];
  if (endpoint !== undefined) return allowed(method, ["POST", "GET", "DELETE"], { kind: "mcp", slug: endpoint });
  const described = metadata.exec(path)?.[1];
  if (described !== undefined) return allowed(method, ["GET"], { kind: "resource-metadata", slug: described });
  if (authorizationServer.test(path)) return allowed(method, ["GET", "POST"], { kind: "authorization-server" });
  return { kind: "not-found" };
}

function allowed(method: string, methods: readonly string[], route: Route): Route {
  return methods.includes(method) ? route : { kind: "method-not-allowed", allow: methods.join(", ") };
}

/** The URL of an endpoint, which is also the audience of its tokens (RFC 8707). */
export function endpointOf(gatewayUrl: string, slug: string | null): string {
  return slug === null ? `${gatewayUrl}/mcp` : `${gatewayUrl}/mcp/s/${slug}`;
}
