export const signIn = {
  title: "Sign in",
  againTitle: "Sign in again",
  lead: "Ambit decides what AI agents may reach. Sign in with your company account.",
  leadDemo: "A demo on this machine. Choose who you are; you can change at any time.",
  againLead: "This needs a sign-in of the last 10 minutes. What you wrote is kept and waits for you.",
  company: "Continue with {name}",
  demoHeading: "Demo people",
  or: "or",
  none: "No way to sign in is set up here. Whoever runs this instance sets OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, then restarts it.",
  opening: "Signing in",
  people: {
    requester: "Asks for connectors and for access",
    owner: "Answers for a connector and approves as its owner",
    "security-1": "Reviews what is asked for",
    "security-2": "The second pair of eyes on high risk",
    "data-protection": "Looks at what data is reached",
    platform: "Releases packages; also confirms changes of two",
    auditor: "Reads everything, exports evidence, changes nothing",
    administrator: "People, roles, tiers and the allow-list",
  },
  otherPerson: "A demo person",
  error: {
    suspended: "This account may not sign in. It may be suspended: ask an administrator.",
    unreachable:
      "The sign-in service does not answer. Nothing was changed; try again, and if it stays, tell whoever runs this instance.",
    provider:
      "The sign-in service did not complete the sign-in. Try again; if it stays, tell whoever runs this instance.",
    demo: "This demo person cannot sign in any more. Choose another one.",
    network: "Ambit does not answer. Check the connection and try again.",
    other: "The sign-in did not work. Nothing was changed; try again.",
  },
} as const;
