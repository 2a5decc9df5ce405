/** The page asked for before signing in, when it is one of this site; otherwise Home. Never another origin, nor sign-in itself. */
export function nextPath(asked: string | undefined): string {
  const here = "http://here.invalid";
  if (asked === undefined || !asked.startsWith("/") || !URL.canParse(asked, here)) return "/";
  const url = new URL(asked, here);
  if (url.origin !== here || url.pathname.startsWith("//") || /^\/(?:sign-in|api)(?:\/|$)/.test(url.pathname))
    return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
