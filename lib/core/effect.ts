/** What a call can do to the world, from harmless to worst. `unknown` is treated as destructive everywhere. */
export const effects = ["read", "write", "destructive", "unknown"] as const;

export type Effect = (typeof effects)[number];

/** How far an effect reaches; `unknown` ranks with destructive, so that not knowing never lowers anything. */
export const effectRank: Readonly<Record<Effect, number>> = { read: 0, write: 1, destructive: 2, unknown: 2 };
