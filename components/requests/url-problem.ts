/** What is wrong with an address as typed: a key of the message catalogue. */
export type UrlProblem = "missing" | "scheme" | "otherScheme" | "host" | "userInfo";

/** Says what keeps a typed address from being one that can be inspected, or null. Whether Ambit may go there, the inspection says. */
export function urlProblem(typed: string): UrlProblem | null {
  const text = typed.trim();
  if (text === "") return "missing";
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return "scheme";
  if (!/^https?:/i.test(text)) return "otherScheme";
  if (!URL.canParse(text)) return "host";
  const { hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return "userInfo";
  return hostname.startsWith("[") || /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/.test(hostname) ? null : "host";
}
