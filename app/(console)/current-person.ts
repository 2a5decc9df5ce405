import { cookies } from "next/headers";
import { cache } from "react";
import { readSession } from "#lib/sign-in/session.ts";

/** Who this page is rendered for, read once per request; null when signed out or suspended. */
export const currentPerson = cache(async () => {
  const jar = await cookies();
  return readSession((name) => jar.get(name)?.value);
});
