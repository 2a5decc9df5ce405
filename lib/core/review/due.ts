const day = 86_400_000;

/** When a stage reminds, falls due (fallback group), escalates and is denied. ISO 8601, UTC. */
export type DueSchedule = { remindAt: string; dueAt: string; escalateAt: string; denyAt: string };

/**
 * The due times of a stage: a reminder at half of its working time, due, escalation one working day after due and
 * automatic denial three working days after due. `holidays` are dates (`2026-12-25`).
 */
export function dueSchedule(
  submittedAt: string,
  dueWorkingDays: number,
  holidays: readonly string[] = [],
): DueSchedule {
  const dueAt = addWorkingDays(submittedAt, dueWorkingDays, holidays);
  return {
    remindAt: addWorkingDays(submittedAt, dueWorkingDays / 2, holidays),
    dueAt,
    escalateAt: addWorkingDays(dueAt, 1, holidays),
    denyAt: addWorkingDays(dueAt, 3, holidays),
  };
}

/**
 * `from` plus so many working days (halves too), in UTC: Monday to Friday but for holidays, each of 24 hours. Work
 * that arrives on a free day starts at the next working day's midnight. Throws a RangeError on a time or number that is none.
 */
export function addWorkingDays(from: string, days: number, holidays: readonly string[] = []): string {
  let at = Date.parse(from);
  let left = days * day;
  if (!Number.isFinite(at) || !Number.isFinite(left) || left < 0)
    throw new RangeError("not a time and a number of days");
  for (;;) {
    const midnight = Math.floor(at / day) * day;
    if (isWorkingDay(midnight, holidays)) {
      const room = midnight + day - at;
      if (left < room) return new Date(at + left).toISOString();
      left -= room;
    }
    at = midnight + day;
  }
}

function isWorkingDay(midnight: number, holidays: readonly string[]): boolean {
  const date = new Date(midnight);
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.includes(date.toISOString().slice(0, 10));
}
