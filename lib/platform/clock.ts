/** The time of now as a Date; handed in wherever time matters, so that tests need no fake timers. */
export type Clock = () => Date;

/** The process's own clock. Decisions use the database's clock; this one is only for deadlines of I/O and log lines. */
export const systemClock: Clock = () => new Date();
