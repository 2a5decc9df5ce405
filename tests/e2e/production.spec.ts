import { request as send } from "node:http";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { issueCode } from "#lib/instance/setup-code.ts";
import { type Production, startProduction } from "#tests/e2e/production.ts";

const sessionCookie = "__Host-ambit-session";
let production: Production;

test.describe.configure({ mode: "serial" });
test.use({ ignoreHTTPSErrors: true });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  production = await startProduction();
});
test.afterAll(() => production?.stop());

test("a deployment gets its first administrator through its identity provider and the code of the host, and loses none", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const { url, ownerUrl } = production;
  const open = async () => (await browser.newContext({ baseURL: url, ignoreHTTPSErrors: true })).newPage();
  const code = /enter this code within 15 minutes at \S+\/setup: ([0-9A-F-]+)/.exec(production.printed)?.[1] ?? "";
  const [first, second] = [await open(), await open()];

  await test.step("the first person signs in through the provider, and is nobody special", async () => {
    await first.goto("/connectors");
    await expect(first.getByRole("button", { name: "Security reviewer 1" })).toHaveCount(0);
    await signIn(first, "first");
    await expect(first).toHaveURL(`${url}/connectors`);
    expect(await me(first)).toMatchObject({ name: "Person first", email: "first@company.example", roles: [] });
    await first.goto("/");
    await expect(first.getByText("This instance has no administrator yet")).toBeVisible();
  });

  await test.step("a wrong code and one that ran out make nobody administrator", async () => {
    const late = await issueCode(ownerUrl, "setup");
    await backdate(
      "setup_code",
      "expires_at = now() - interval '1 second' where created_at = (select max(created_at) from setup_code)",
    );
    await first.getByRole("link", { name: "Enter the setup code" }).click();
    for (const wrong of ["00000-00000-00000-00000", late]) {
      await enterCode(first, wrong);
      await expect(first.getByText("Not found")).toBeVisible();
    }
    expect((await me(first)).roles).toEqual([]);
  });

  await test.step("the code of the host makes them administrator, and closes the path behind them", async () => {
    await enterCode(first, code);
    await expect(first.getByRole("heading", { name: "Name a second administrator" })).toBeVisible();
    expect((await me(first)).roles).toEqual(["administrator"]);
    expect((await claim(first, code)).status()).toBe(404);
  });

  await test.step("a second person has no role, and the code is worth nothing to them", async () => {
    await second.goto("/");
    await signIn(second, "second");
    expect((await me(second)).roles).toEqual([]);
    await expect(second.getByText("This instance has no administrator yet")).toHaveCount(0);
    await second.goto("/setup");
    await expect(second.getByText("This instance has its administrators.")).toBeVisible();
    await enterCode(second, code);
    await expect(second.getByText("Not found")).toBeVisible();
    const unused = await issueCode(ownerUrl, "setup");
    expect((await claim(second, unused)).status()).toBe(404);
    expect((await me(second)).roles).toEqual([]);
  });

  await test.step("recovery from the host alarms the administrator, before and after it is used", async () => {
    const printed = await production.recover();
    const recovery = /single use, 15 minutes\): ([0-9A-F-]+)\n/.exec(printed)?.[1] ?? "";
    expect(printed).toContain(`${url}/setup`);
    const events = await production.query(
      "select convert_from(leaf, 'UTF8') as leaf from audit_event where type = 'setup.started' order by seq",
    );
    expect(events.at(-1)?.leaf).toContain('"purpose":"recovery"');
    await first.goto("/");
    await expect(first.getByText("A recovery code for administrators was made on the host").first()).toBeVisible();
    await expect(first.getByRole("button", { name: /1 unread/ })).toBeVisible();
    await second.reload();
    await enterCode(second, recovery);
    await expect.poll(async () => (await me(second)).roles).toEqual(["administrator"]);
    await first.reload();
    await expect(first.getByText("Person second became administrator with it.")).toBeVisible();
  });

  await test.step("an access token takes a fresh sign-in, which keeps what was typed", async () => {
    await backdate("user_session", "signed_in_at = now() - interval '1 hour'");
    await first.goto("/settings?tab=tokens");
    await first.getByRole("button", { name: "Create a token" }).click();
    await first.getByLabel("Name").fill("Nightly export");
    await first.getByRole("combobox", { name: "Scopes" }).fill("person:read");
    await first.getByRole("option", { name: "person:read" }).click();
    await first.getByLabel("Name").click();
    await first.getByRole("button", { name: "Create", exact: true }).click();
    await first.getByRole("link", { name: "Sign in again" }).click();
    await signIn(first, "first");
    await expect(first.getByLabel("Name")).toHaveValue("Nightly export");
    await first.getByRole("button", { name: "Create", exact: true }).click();
    await expect(first.getByText(/^ambit_pat_/)).toBeVisible();
  });

  await test.step("no other site makes their browser change anything", async () => {
    const { value } = await cookieOf(first.context());
    for (const origin of ["https://evil.example", "null", production.webUrl]) {
      const headers = { cookie: `${sessionCookie}=${value}`, origin };
      const answer = await first.request.post("/api/v1/notifications/read", { headers, data: { ids: ["ntf_1"] } });
      expect(answer.status(), origin).toBe(403);
    }
  });

  await test.step("signing out ends every copy of the cookie", async () => {
    await first.goto("/");
    const copy = await cookieOf(first.context());
    expect(copy).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax" });
    expect((await api(first, copy.value)).status()).toBe(200);
    await first.getByRole("button", { name: /Person first/ }).click();
    await first.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(first).toHaveURL(/\/sign-in/);
    expect((await api(first, copy.value)).status()).toBe(401);
  });
});

test("the console answers under its own name only, and tells browsers to stay on https", async ({ request }) => {
  const { url, webUrl } = production;
  const own = await request.get(`${url}/sign-in`);
  expect(own.headers()["strict-transport-security"]).toBe("max-age=31536000");
  expect(own.headers()["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'self' 'nonce-[^']+' 'strict-dynamic';/,
  );
  const { host: ownHost } = new URL(url);
  const { host: webHost, port } = new URL(webUrl);
  for (const host of [ownHost, webHost, `localhost:${port}`]) expect(await answerTo(host, "/sign-in"), host).toBe(200);
  const foreign = ["evil.example", `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, "localhost:1", "a b"];
  for (const host of foreign) {
    for (const path of ["/sign-in", "/api/v1/me", "/api/auth/csrf", "/api/demo/token"])
      expect([400, 421], `${host} ${path}`).toContain(await answerTo(host, path));
  }
  expect(await answerTo("evil.example", "/health")).toBe(200);
});

test("a provider that does not answer is said on the sign-in page, and where the person wanted to go is kept", async ({
  browser,
}) => {
  const page = await (await browser.newContext({ baseURL: production.url, ignoreHTTPSErrors: true })).newPage();
  await production.closeProvider();
  await page.goto("/connectors");
  await page.getByRole("button", { name: "Continue with Company login" }).click();
  await expect(page.getByText("The sign-in service does not answer.")).toBeVisible();
  expect(new URL(page.url()).searchParams.get("callbackUrl")).toBe(`${production.url}/connectors`);
});

/** From the sign-in page through the provider's login page, and back. */
async function signIn(page: Page, person: string): Promise<void> {
  await page.getByRole("button", { name: "Continue with Company login" }).click();
  await page.getByLabel("Name").fill(person);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL((at) => at.origin === production.url && !at.pathname.startsWith("/sign-in"));
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Setup code").fill(code);
  await page.getByRole("button", { name: "Become administrator" }).click();
}

async function me(page: Page): Promise<{ name: string; email: string; roles: string[] }> {
  const answer = await page.request.get("/api/v1/me");
  expect(answer.status()).toBe(200);
  return answer.json();
}

function claim(page: Page, code: string) {
  return page.request.post("/api/v1/setup", { data: { code }, headers: { origin: production.url } });
}

/** The API asked with a copy of a cookie, from elsewhere. */
function api(page: Page, value: string) {
  return page.request.get("/api/v1/me", { headers: { cookie: `${sessionCookie}=${value}` } });
}

async function cookieOf(context: BrowserContext) {
  const cookie = (await context.cookies()).find(({ name }) => name === sessionCookie);
  if (cookie === undefined) throw new Error("there is no session cookie");
  return cookie;
}

/** Moves times into the past, as waiting would, around the triggers that refuse it to everybody else. */
async function backdate(table: string, set: string): Promise<void> {
  const trigger = (state: string) => `alter table ${table} ${state} trigger user`;
  await production.query(trigger("disable"), `update ${table} set ${set}`, trigger("enable"));
}

/** The status of the web process's answer to a request with this Host header. */
function answerTo(host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = send(`${production.webUrl}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.once("error", reject).end();
  });
}
