export const errors = {
  pageTitle: "This page could not be shown",
  pageBody: "Something in it failed. Nothing you recorded before is lost. Try again, or go to another page.",
  reference: "Reference for support: {digest}",
  retry: "Try again",
  home: "Go to Home",
  notFoundTitle: "There is nothing at this address",
  notFoundBody: "The link may be old, the thing may have been removed, or you may not be allowed to see it.",
  loadTitle: "This could not be loaded",
  loadBody: "What you entered is kept. Try again in a moment.",
  offline: "No answer from the server. Check your connection, then try again.",
} as const;
