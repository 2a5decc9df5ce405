import { expect } from "@playwright/test";
import { demoServerUrl, requestConnector } from "#tests/e2e/estate.ts";
import { signIn, test, uniqueName } from "#tests/e2e/stage.ts";

const reason = "Identity and effects are right, and the owner is the one who runs it.";

test("who decides on a stale tab is told so, sees the difference and keeps the reason", async ({
  as,
  people,
  complaints,
}) => {
  complaints.expect(409, 422);
  const { id } = await requestConnector(people, {
    name: uniqueName("Stale tools"),
    url: await demoServerUrl(people),
    purpose: "Something that changes while it is read.",
    tools: ["echo", "get-sum"],
  });
  const security = await as("security-1", { startAt: `/requests/${id}` });
  await security.getByRole("radio", { name: /^Approve/ }).click();
  await security.getByLabel("Reason").fill(reason);
  await security.getByRole("checkbox", { name: /^I confirm classification/ }).check();

  await people["security-2"].ask("requests.reclassify", {
    requestId: id,
    classification: "confidential",
    reason: "Texts of tickets go through it.",
  });
  await security.getByRole("button", { name: /^Approve all 2 tools$/ }).click();
  await expect(security.getByText("It changed while you were reading")).toBeVisible();
  await security.getByRole("button", { name: "Show what is proposed now" }).click();
  await expect(security.getByLabel("Reason")).toHaveValue(reason);
  await expect(security.getByText("Confidential").first()).toBeVisible();
  await security.getByRole("checkbox", { name: /^I confirm classification/ }).check();
  await security.getByRole("button", { name: /^Approve all 2 tools$/ }).click();
  await expect(security.getByText("Your approval is recorded.")).toBeVisible();
});

test("who asked for it, and who merely administers, are shown no decision", async ({ as, people }) => {
  const { id } = await requestConnector(people, {
    name: uniqueName("Own tools"),
    url: await demoServerUrl(people),
    purpose: "To be decided by others.",
    tools: ["echo"],
  });
  for (const person of ["requester", "auditor"] as const) {
    const page = await as(person, { startAt: `/requests/${id}` });
    await expect(page.getByText("You do not decide this")).toBeVisible();
    await expect(page.getByRole("radiogroup", { name: "Your decision" })).toHaveCount(0);
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("a");
    await expect(page.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
  }
});

test("a session that ends in the middle of a form loses nothing of it", async ({ as, complaints }) => {
  complaints.expect(401);
  const purpose = uniqueName("Reads the invoices that the billing agent has to compare");
  const page = await as("requester", { startAt: "/requests/new?kind=grant" });
  await page.getByLabel("Purpose").fill("Reads");
  await page.waitForURL(/\/requests\/req_.+\/edit/);
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();

  await page.context().clearCookies();
  await page.getByLabel("Purpose").fill(purpose);
  await page.getByRole("checkbox", { name: "See the tools" }).uncheck();
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await signIn(page, "requester");

  await page.waitForURL(/\/requests\/req_.+\/edit/);
  await expect(page.getByLabel("Purpose")).toHaveValue(purpose);
  await expect(page.getByRole("checkbox", { name: "See the tools" })).not.toBeChecked();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Purpose")).toHaveValue(purpose);
});
