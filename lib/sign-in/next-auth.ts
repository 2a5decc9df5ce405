import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { prisma } from "#lib/db/client.ts";
import { demoPerson, signInPerson } from "#lib/domain/people/sign-in.ts";
import { env } from "#lib/platform/env.ts";
import { isDemoHost, isLoopbackHost } from "#lib/sign-in/demo.ts";
import { sessionCookie, sessionSecret } from "#lib/sign-in/session.ts";

const sessionSeconds = 8 * 3600;

/** next-auth's configuration: any OpenID provider by settings, and demo people on a demo instance that listens on loopback only. */
export function authOptions(): NextAuthOptions {
  const { name, secure } = sessionCookie();
  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: sessionSeconds },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    useSecureCookies: secure,
    cookies: { sessionToken: { name, options: { httpOnly: true, sameSite: "lax", path: "/", secure } } },
    providers: [...companyProvider(), ...(isDemoHost() ? [demoProvider()] : [])],
    callbacks: {
      async jwt({ token, user, account, profile }) {
        if (account === null || account === undefined || user === undefined) return token;
        if (account.provider === "demo") return { sub: user.id, signedInAt: nowSeconds() };
        const { issuer, subject, name: personName, email, authTime } = readProfile(profile);
        const id = await signInPerson({ issuer, subject, name: personName, email });
        if (id === null) throw new Error("This person is suspended");
        // Without the provider's word on when the person signed in, nothing that needs a fresh sign-in is allowed.
        return { sub: id, signedInAt: authTime };
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
      profile: (claims: { sub: string }) => ({ id: claims.sub }),
    },
  ];
}

/** A demo person signs in by being chosen. Only loopback reaches it, and only on a database that was created as demo. */
function demoProvider() {
  return CredentialsProvider({
    id: "demo",
    name: "Demo",
    credentials: { person: { type: "text" } },
    async authorize(credentials, request) {
      if (!isLoopbackHost(request.headers?.host)) return null;
      const person = await demoPerson(prisma(), credentials?.person ?? "");
      if (person === null) return null;
      const id = await signInPerson({
        issuer: "demo",
        subject: credentials?.person ?? "",
        name: person.name,
        email: null,
      });
      return id === null ? null : { id };
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
