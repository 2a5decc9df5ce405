import { decodeJwt } from "jose";
import type { NextAuthOptions, Profile } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { prisma } from "#lib/db/client.ts";
import { demoPerson, endSession, sessionSeconds, signInPerson } from "#lib/domain/people/sign-in.ts";
import { env } from "#lib/platform/env.ts";
import { logger } from "#lib/platform/logger.ts";
import { isDemoHost } from "#lib/sign-in/demo.ts";
import { isLoopbackHost } from "#lib/sign-in/own-host.ts";
import { type ReadCookie, sessionCookie, sessionId, sessionSecret } from "#lib/sign-in/session.ts";

/**
 * next-auth's configuration: any OpenID provider by settings, and demo people on a demo instance that listens on loopback only.
 * The cookie names a session (`sid`) and says nothing else.
 * @param read the cookies of the request, whose session a new sign-in ends
 */
export function authOptions(read: ReadCookie = () => undefined): NextAuthOptions {
  const { name, secure } = sessionCookie();
  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: sessionSeconds },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    useSecureCookies: secure,
    cookies: { sessionToken: { name, options: { httpOnly: true, sameSite: "lax", path: "/", secure } } },
    providers: [...companyProvider(), ...(isDemoHost() ? [demoProvider(read)] : [])],
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.provider === "demo") return true;
        try {
          const { authTime, ...identity } = readProfile(profile);
          // Without the provider's word on when the person signed in, nothing that needs a fresh sign-in is allowed.
          const sid = await signInPerson(identity, authTime, await sessionId(read));
          if (sid === null) return false;
          user.id = sid;
          return true;
        } catch (error) {
          logger().error({ err: error }, "a person could not be signed in");
          return "/sign-in?error=Callback";
        }
      },
      jwt: ({ token, user, account }) => (account ? { sid: user.id } : token),
    },
    events: {
      async signOut({ token }) {
        if (typeof token.sid === "string") await endSession(token.sid);
      },
    },
  };
}

function companyProvider(): NextAuthOptions["providers"] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env();
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) return [];
  return [
    {
      id: "company",
      name: OIDC_NAME,
      type: "oauth",
      wellKnown: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      // OpenID Connect Core 3.1.2.1: with max_age the provider has to say in auth_time when the person signed in.
      authorization: { params: { scope: "openid email profile", max_age: sessionSeconds } },
      userinfo: {
        // A provider may leave the claims of scopes out of the ID token (OpenID Connect Core 5.4); its userinfo endpoint has them.
        async request({ client, tokens }) {
          const claims: Profile = decodeJwt(tokens.id_token ?? "");
          if (claims.name !== undefined || client.issuer.metadata.userinfo_endpoint === undefined) return claims;
          const more = await client.userinfo(tokens.access_token ?? "");
          return more.sub === claims.sub ? { ...more, ...claims } : claims;
        },
      },
      profile: (claims: { sub: string }) => ({ id: claims.sub }),
    },
  ];
}

/** A demo person signs in by being chosen. Only loopback reaches it, and only on a database that was created as demo. */
function demoProvider(read: ReadCookie) {
  return CredentialsProvider({
    id: "demo",
    name: "Demo",
    credentials: { person: { type: "text" } },
    async authorize(credentials, request) {
      if (!isLoopbackHost(request.headers?.host)) return null;
      const person = await demoPerson(prisma(), credentials?.person ?? "");
      if (person === null) return null;
      const identity = { issuer: "demo", subject: credentials?.person ?? "", name: person.name, email: null };
      const sid = await signInPerson(identity, nowSeconds(), await sessionId(read));
      return sid === null ? null : { id: sid };
    },
  });
}

function readProfile(profile: unknown) {
  const claims = (profile ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof claims[name] === "string" ? claims[name] : null);
  const [issuer, subject] = [text("iss"), text("sub")];
  if (issuer === null || subject === null) throw new Error("The identity provider named no issuer or subject");
  return {
    issuer,
    subject,
    name: text("name") ?? text("preferred_username") ?? "Unnamed person",
    email: text("email"),
    authTime: typeof claims.auth_time === "number" ? claims.auth_time : null,
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
