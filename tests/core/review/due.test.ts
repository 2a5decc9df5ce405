import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addWorkingDays, dueSchedule } from "#lib/core/review/due.ts";

describe("working days", () => {
  test.each([
    ["within a week", "2026-11-23T10:00:00.000Z", 3, "2026-11-26T10:00:00.000Z"],
    ["over a weekend", "2026-11-20T10:00:00.000Z", 1, "2026-11-23T10:00:00.000Z"],
    ["from a Saturday, which counts as Monday's midnight", "2026-11-21T15:00:00.000Z", 1, "2026-11-24T00:00:00.000Z"],
    ["by halves", "2026-11-20T18:00:00.000Z", 0.5, "2026-11-23T06:00:00.000Z"],
    ["by a week and two weekends", "2026-11-20T09:00:00.000Z", 6, "2026-11-30T09:00:00.000Z"],
    ["over the night when European clocks go back", "2026-10-23T12:00:00.000Z", 1, "2026-10-26T12:00:00.000Z"],
    ["over the night when American clocks go forward", "2026-03-06T12:00:00.000Z", 1, "2026-03-09T12:00:00.000Z"],
    ["of none, on a working day", "2026-11-23T10:00:00.000Z", 0, "2026-11-23T10:00:00.000Z"],
    ["by the UTC day of a time with an offset", "2026-11-21T01:00:00.000+02:00", 1, "2026-11-23T23:00:00.000Z"],
  ])("add up %s", (_, from, days, expected) => {
    expect(addWorkingDays(from, days)).toBe(expected);
  });

  test("leave out holidays", () => {
    expect(addWorkingDays("2026-12-24T10:00:00.000Z", 1, ["2026-12-25"])).toBe("2026-12-28T10:00:00.000Z");
  });

  test("refuse what is no time or no number of days", () => {
    expect(() => addWorkingDays("soon", 1)).toThrow(RangeError);
    expect(() => addWorkingDays("2026-11-23T10:00:00.000Z", -1)).toThrow(RangeError);
    expect(() => addWorkingDays("2026-11-23T10:00:00.000Z", Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  test("add up in any split, and never end on a weekend", () => {
    const time = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(time, fc.nat(20), fc.nat(20), (from, a, b) => {
        const start = from.toISOString();
        expect(addWorkingDays(addWorkingDays(start, a), b)).toBe(addWorkingDays(start, a + b));
        expect([0, 6]).not.toContain(new Date(addWorkingDays(start, a)).getUTCDay());
      }),
    );
  });
});

describe("a stage", () => {
  test("reminds at half time, falls due, escalates a working day later and is denied three working days after due", () => {
    expect(dueSchedule("2026-11-23T12:00:00.000Z", 3)).toEqual({
      remindAt: "2026-11-25T00:00:00.000Z",
      dueAt: "2026-11-26T12:00:00.000Z",
      escalateAt: "2026-11-27T12:00:00.000Z",
      denyAt: "2026-12-01T12:00:00.000Z",
    });
  });
});
