import type { Metadata, Route } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { nextPath } from "#components/sign-in/next-path.ts";
import { SignIn } from "#components/sign-in/sign-in.tsx";
import { translator } from "#lib/messages/locale.ts";
import { demoSignIns } from "#lib/sign-in/demo.ts";
import { authOptions } from "#lib/sign-in/next-auth.ts";
import { readSession } from "#lib/sign-in/session.ts";

export const metadata: Metadata = { title: translator("signIn")("title") };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const asked = await searchParams;
  const text = (name: string) => (typeof asked[name] === "string" ? asked[name] : undefined);
  // A sign-in that failed comes back with the page asked for as the library's `callbackUrl`.
  const back = URL.parse(text("callbackUrl") ?? "");
  const next = nextPath(text("next") ?? (back === null ? undefined : back.pathname + back.search));
  const jar = await cookies();
  const person = await readSession((name) => jar.get(name)?.value);
  if (person !== null && asked.again === undefined && asked.error === undefined) redirect(next as Route);
  return (
    <SignIn
      company={authOptions().providers.find(({ id }) => id === "company")?.name ?? null}
      people={await demoSignIns()}
      next={next}
      isAgain={asked.again !== undefined}
      error={text("error") ?? null}
    />
  );
}
