import type { Page } from "@playwright/test";
import type { DemoPerson } from "#lib/demo/people.ts";

/** What pages write to the console as errors, and what they throw. */
export type Complaints = {
  of: (page: Page, person: DemoPerson | "nobody") => void;
  /** From now on, answers with these status codes are part of what is tested; the browser logs each. */
  expect: (...statuses: readonly number[]) => void;
  unexpected: () => readonly string[];
};

/** Collects complaints of every page that is handed to it. */
export function watch(): Complaints {
  const heard: string[] = [];
  const expected = new Set<string>();
  return {
    of(page, person) {
      page.on("pageerror", (error) => heard.push(`${person}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") heard.push(`${person}: ${message.text()} (${message.location().url})`);
      });
    },
    expect(...statuses) {
      for (const status of statuses) expected.add(`responded with a status of ${status} `);
    },
    unexpected: () => heard.filter((text) => ![...expected].some((known) => text.includes(known))),
  };
}
