import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "#lib/sign-in/next-auth.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

const handle = (request: NextRequest, context: Context) =>
  NextAuth(authOptions((name) => request.cookies.get(name)?.value))(request, context);

export { handle as GET, handle as POST };
