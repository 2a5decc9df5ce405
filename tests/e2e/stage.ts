import { type Browser, test as base, expect, type Page } from "@playwright/test";
import { type DemoPerson, type People, signInEverybody } from "#lib/demo/people.ts";
import { env } from "#lib/platform/env.ts";
import { type Complaints, watch } from "#tests/e2e/complaints.ts";

/** How a demo person looks at the console. */
type View = { colorScheme?: "light" | "dark"; width?: number; startAt?: string };

type Fixtures = {
  /** Signs a demo person in, in a browser context of their own; the page is where they start. "nobody" stays signed out. */
  as: (person: DemoPerson | "nobody", view?: View) => Promise<Page>;
  /** What the pages of this test complained about; it fails at the end with what nobody expected. */
  complaints: Complaints;
};

type WorkerFixtures = {
  /** Everybody, asking the REST API: for what another journey is about. */
  people: People;
};

/** Names of the demo people as the sign-in page shows them. */
export const personName: Readonly<Record<DemoPerson, string>> = {
  requester: "Requester",
  owner: "Owner",
  "security-1": "Security reviewer 1",
  "security-2": "Security reviewer 2",
  "data-protection": "Data protection reviewer",
  platform: "Platform reviewer",
  auditor: "Auditor",
  administrator: "Administrator",
};

/** A Playwright test with the demo people. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  people: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => use(await signInEverybody(env().AMBIT_URL)),
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  complaints: async ({}, use) => {
    const complaints = watch();
    await use(complaints);
    expect(complaints.unexpected(), "no page complained in the console").toEqual([]);
  },
  as: async ({ browser, complaints }, use) => {
    const close: (() => Promise<void>)[] = [];
    await use(async (person, view = {}) => {
      const page = await openPage(browser, view);
      close.push(() => page.context().close());
      complaints.of(page, person);
      await page.goto(view.startAt ?? "/");
      if (person !== "nobody") await signIn(page, person);
      return page;
    });
    for (const one of close) await one();
  },
});

/** Signs in on the sign-in page that is open now. */
export async function signIn(page: Page, person: DemoPerson): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`\\b${personName[person]} `) }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** A name that no other run used. */
export function uniqueName(name: string): string {
  return `${name} ${Date.now().toString(36)}`;
}

async function openPage(browser: Browser, { colorScheme = "light", width = 1440 }: View): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: width < 600 ? 844 : 900 } });
  return context.newPage();
}
