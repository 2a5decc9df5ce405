/** A state machine as data: for each state, the events it knows and where they lead. A terminal state is an empty row. */
export type Table<S extends string, E extends string> = Readonly<Record<S, Readonly<Partial<Record<E, S>>>>>;

/** The state that an event leads to, or null where the state does not know the event. */
export function next<S extends string, E extends string>(
  table: Table<S, E>,
  state: NoInfer<S>,
  event: NoInfer<E>,
): S | null {
  const row = rowOf(table, state);
  return Object.hasOwn(row, event) ? (row[event] ?? null) : null;
}

/** True where nothing can happen any more. A state that the table does not list is terminal too. */
export function isTerminal<S extends string, E extends string>(table: Table<S, E>, state: NoInfer<S>): boolean {
  return availableEvents(table, state).length === 0;
}

/** The events that a state knows, in the table's order. Screens draw their buttons from it. */
export function availableEvents<S extends string, E extends string>(table: Table<S, E>, state: NoInfer<S>): E[] {
  return Object.keys(rowOf(table, state)) as E[];
}

/** States arrive from rows and requests: a name such as `constructor` must find nothing. */
function rowOf<S extends string, E extends string>(table: Table<S, E>, state: S): Readonly<Partial<Record<E, S>>> {
  if (!Object.hasOwn(table, state)) return Object.create(null);
  return table[state];
}
