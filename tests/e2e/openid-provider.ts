import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import Provider from "oidc-provider";

/** What a deployment is told of its provider. */
export type OpenIdClient = { clientId: string; clientSecret: string; redirectUri: string };

/** A company's identity provider: whoever writes a name into its login page is that person. */
export type OpenIdProvider = { issuer: string; close: () => Promise<void> };

/** Starts an OpenID provider on a port of loopback. It keeps to OpenID Connect Core 5.4: names and mail come from its userinfo endpoint. */
export async function startOpenIdProvider(port: number, client: OpenIdClient): Promise<OpenIdProvider> {
  const issuer = `http://127.0.0.1:${port}`;
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [client.redirectUri] }],
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ["of-the-provider"] },
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, name: `Person ${accountId}`, email: `${accountId}@company.example` }),
    }),
    // The company agreed for everybody.
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: client.clientId, accountId: oidc.session?.accountId ?? "" });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  const server = createServer((request, response) => {
    const isLogin = request.url?.startsWith("/login/") === true;
    (isLogin ? login(provider, request, response) : handle(request, response)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function login(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end('<form method="post"><label>Name <input name="login" required></label><button>Log in</button></form>');
    return;
  }
  const accountId = new URLSearchParams(await text(request)).get("login") ?? "";
  await provider.interactionFinished(request, response, { login: { accountId } });
}
