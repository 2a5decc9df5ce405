import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const aboutColours = ["color-contrast", "link-in-text-block"];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Opens a page and waits until everything it loads is there: a heading, all of it run by React, no skeleton, no spinner. */
export async function openWhole(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // Controls get their names and states once React runs them; it marks each element that it took over.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("h1, button, input, textarea, [role]")].every((element) =>
      Object.keys(element).some((key) => key.startsWith("__reactProps$")),
    ),
  );
  await page.waitForFunction(() => document.getAnimations().length === 0);
}

/** What axe finds on the page as it is now in both themes, WCAG 2.2 A and AA: one line per element. */
export async function violations(page: Page): Promise<string[]> {
  const both: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
    // The themes differ in colours only, so what is not about colours is asked once.
    const { violations: found } = await (colorScheme === "light"
      ? axe.withTags(tags)
      : axe.withRules(aboutColours)
    ).analyze();
    for (const { id, nodes } of found) {
      for (const { target, failureSummary } of nodes) {
        both.push(`${colorScheme} ${id}: ${target.join(" ")}: ${failureSummary ?? ""}`);
      }
    }
  }
  return both;
}

/** How many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
