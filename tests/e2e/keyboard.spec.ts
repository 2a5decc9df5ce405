import { expect, type Locator, type Page } from "@playwright/test";
import { demoServerUrl } from "#tests/e2e/estate.ts";
import { personName, test, uniqueName } from "#tests/e2e/stage.ts";

const mouse = "A mouse was used";

test("a connector is requested and approved with the keyboard alone", async ({ as, people }) => {
  test.setTimeout(180_000);
  const name = uniqueName("Keyboard tools");
  const requester = await withoutMouse(await as("nobody", { startAt: "/sign-in?next=/requests/new" }), "requester");
  await test.step("the form, from the address to submitting", async () => {
    await tabTo(requester, requester.getByLabel("URL of the MCP endpoint"));
    await requester.keyboard.type(await demoServerUrl(people));
    await requester.keyboard.press("Enter");
    await expect(requester.getByText(/^\d+ tools?(?:, .*)? found$/)).toBeVisible({ timeout: 30_000 });
    await tabTo(requester, requester.getByLabel("Name", { exact: true }));
    await requester.keyboard.type(name);
    await pick(requester, "Environment", "Development");
    await tabTo(requester, requester.getByRole("checkbox", { name: "Include get-sum" }));
    await requester.keyboard.press("Space");
    await tabTo(requester, requester.getByLabel("Purpose"));
    await requester.keyboard.type("Sums for somebody who does not use a mouse.");
    await pick(requester, "Most sensitive data it will touch", "Internal");
    await tabTo(requester, requester.getByRole("combobox", { name: "Accountable owner" }));
    await requester.keyboard.type("Owner");
    await expect(requester.getByRole("option", { name: "Owner" })).toBeVisible();
    await requester.keyboard.press("ArrowDown");
    await requester.keyboard.press("Enter");
    await expect(requester.getByRole("status").filter({ hasText: "Ready to submit." })).toBeVisible();
    await tabTo(requester, requester.getByRole("button", { name: "Submit for review" }));
    await requester.keyboard.press("Enter");
    await requester.waitForURL(/\/requests\/req_[^/]+$/);
  });

  const security = await withoutMouse(await as("nobody", { startAt: "/sign-in?next=/" }), "security-1");
  await test.step("the decision, from the home page over the queue to recording it", async () => {
    await expect(security.getByRole("list", { name: "Waits for you" })).toBeVisible();
    await expect(async () => {
      // Keys count once the page listens; until then they are lost, and a person presses again.
      await security.keyboard.press("g");
      await security.keyboard.press("r");
      await security.waitForURL("/requests", { timeout: 2_000 });
    }).toPass();
    await tabTo(security, security.getByRole("tab", { name: "Mine" }));
    await security.keyboard.press("ArrowRight");
    await security.keyboard.press("Enter");
    const row = security.getByRole("link", { name });
    await expect(row).toBeVisible();
    await tabTo(security, security.getByRole("searchbox").first());
    await tabTo(security, row);
    await security.keyboard.press("a");
    await expect(security.getByLabel("Reason")).toBeFocused();
    await security.keyboard.type("Only adds numbers; nothing leaves.");
    await tabTo(security, security.getByRole("checkbox", { name: /^I confirm classification/ }));
    await security.keyboard.press("Space");
    await tabTo(security, security.getByRole("button", { name: "Approve the one tool" }));
    await security.keyboard.press("Enter");
    await expect(security.getByText("Your approval is recorded.")).toBeVisible();
  });
});

/** Signs in with the keyboard; from now on every press of a mouse is a complaint. */
async function withoutMouse(page: Page, person: "requester" | "security-1"): Promise<Page> {
  await page.addInitScript((text) => {
    // biome-ignore lint/suspicious/noConsole: the console is where the test listens
    window.addEventListener("pointerdown", () => console.error(text), { capture: true });
  }, mouse);
  await page.reload();
  await tabTo(page, page.getByRole("button", { name: new RegExp(`\\b${personName[person]} `) }));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}

/** Moves on with Tab until the control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await control.waitFor();
  for (let presses = 0; presses < 200; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${control}`);
}

/** Chooses in a select by its first letters. */
async function pick(page: Page, label: string, option: string): Promise<void> {
  const control = page.getByRole("combobox", { name: label });
  await tabTo(page, control);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("option", { name: option })).toBeVisible();
  await page.keyboard.type(option.slice(0, 3));
  await page.keyboard.press("Enter");
  await expect(control).toContainText(option);
}
