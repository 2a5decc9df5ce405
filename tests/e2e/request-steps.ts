import { expect, type Page } from "@playwright/test";

/** Chooses in a select whose label is given. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: named(label) }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Finds in a combobox by typing, and takes the match; leaves one alone that holds it already. */
export async function find(page: Page, label: string, text: string): Promise<void> {
  const box = page.getByRole("combobox", { name: named(label) });
  if ((await box.inputValue()) === text) return;
  await box.fill(text);
  await page.getByRole("option", { name: text }).first().click();
}

/** A field's name; what is optional says so after it. */
function named(label: string): RegExp {
  return new RegExp(`^${label}( ?optional)?$`);
}

type Wish = {
  name: string;
  url: string;
  purpose: string;
  tools: readonly string[];
  classification: string;
  agent: string;
  accountable: string;
};

/** Fills the form for a connector, from the empty page to ready to submit. */
export async function fillConnectorRequest(page: Page, wish: Wish): Promise<void> {
  await page.getByLabel("URL of the MCP endpoint").fill(wish.url);
  await page.getByRole("button", { name: "Inspect", exact: true }).click();
  await expect(page.getByText(/^\d+ tools?(?:, .*)? found$/)).toBeVisible({ timeout: 30_000 });
  await page.getByLabel("Name", { exact: true }).fill(wish.name);
  await choose(page, "Environment", "Development");
  for (const tool of wish.tools) await page.getByRole("checkbox", { name: `Include ${tool}`, exact: true }).check();
  await page.getByLabel("Purpose").fill(wish.purpose);
  await choose(page, "Most sensitive data it will touch", new RegExp(`^${wish.classification}`));
  await find(page, "Agents", wish.agent);
  await expect(page.getByRole("button", { name: `Remove ${wish.agent}` })).toBeVisible();
  await page.getByRole("button", { name: "30 days", exact: true }).click();
  await find(page, "Accountable owner", wish.accountable);
  await expect(page.getByRole("status").filter({ hasText: "Ready to submit." })).toBeVisible();
}

/** Submits the form that is open. @returns the id of the request, whose page is open then */
export async function submitRequest(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Submit for review" }).click();
  await page.waitForURL(/\/requests\/req_[^/]+$/);
  return page.url().split("/").at(-1) ?? "";
}

type Approval = {
  hold?: string;
  expires?: string;
  leaveOut?: string;
  reason: string;
  confirm?: boolean;
  button: RegExp;
};

/** Approves the request whose page is open. */
export async function approve(page: Page, approval: Approval): Promise<void> {
  await fillApproval(page, approval);
  await record(page, approval);
}

/** Fills an approval without recording it. */
export async function fillApproval(page: Page, approval: Approval): Promise<void> {
  if (approval.leaveOut !== undefined) {
    await page.getByRole("checkbox", { name: `Include ${approval.leaveOut}`, exact: true }).uncheck();
  }
  await page.getByRole("radio", { name: /^Approve/ }).click();
  if (approval.hold !== undefined) {
    await find(page, "Hold for a person", approval.hold);
    await expect(page.getByRole("button", { name: `Remove ${approval.hold}` })).toBeVisible();
  }
  if (approval.expires !== undefined) await page.getByLabel("Approval ends").fill(approval.expires);
  await page.getByLabel("Reason").fill(approval.reason);
  if (approval.confirm) await page.getByRole("checkbox", { name: /^I confirm classification/ }).check();
}

/** Records the approval that is filled in. */
export async function record(page: Page, { button }: Pick<Approval, "button">): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByText("Your approval is recorded.")).toBeVisible();
}
