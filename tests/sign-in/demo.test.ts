import { beforeEach, describe, expect, it, vi } from "vitest";
import { processEnvironment } from "#lib/platform/env.ts";
import { apiSettings } from "#tests/http/senders.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { asOwner } from "#tests/support/people.ts";

const database = await openTestDatabase({ ...apiSettings, AMBIT_DEMO: "1" });
await asOwner(database.ownerUrl, ["usr_demo"], async (client) => {
  await client.query("insert into instance (mode, log_origin) values ('demo', 'test')");
  await client.query(
    "insert into app_user (id, issuer, subject, name) values ('usr_demo', 'demo', 'security-1', 'Security reviewer 1')",
  );
});

const local = { host: "127.0.0.1:3210", "content-type": "application/json" };

/** The modules read with these settings from the start, as a process does. */
async function withSettings(settings: Record<string, string>) {
  Object.assign(
    processEnvironment(),
    { AMBIT_DEMO: "1", AMBIT_HOST: "127.0.0.1", AMBIT_URL: apiSettings.AMBIT_URL },
    settings,
  );
  vi.resetModules();
  const [{ demoSignIns, demoTokenResponse }, { authOptions }] = await Promise.all([
    import("#lib/sign-in/demo.ts"),
    import("#lib/sign-in/next-auth.ts"),
  ]);
  const token = (headers: Record<string, string>, body: unknown = { person: "security-1" }) =>
    demoTokenResponse(
      new Request("http://127.0.0.1:3210/api/demo/token", { method: "POST", headers, body: JSON.stringify(body) }),
    );
  const provider = () => authOptions().providers.find(({ id, options }) => [id, options?.id].includes("demo"));
  const signIn = (host?: string, person = "security-1") =>
    provider()?.options.authorize(
      { person },
      { body: {}, query: {}, method: "POST", headers: host === undefined ? {} : { host } },
    );
  return { demoSignIns, token, provider, signIn };
}

beforeEach(() =>
  execute(
    database.ownerUrl,
    "alter table instance disable trigger user; update instance set mode = 'demo'; alter table instance enable trigger user",
  ),
);

describe("on a demo instance on loopback", () => {
  it("people can be chosen, by name, from this machine", async () => {
    const { demoSignIns, token, signIn } = await withSettings({});
    expect(await demoSignIns()).toEqual([{ subject: "security-1", name: "Security reviewer 1" }]);
    expect(await signIn("127.0.0.1:3210")).toEqual({ id: expect.stringMatching(/^ses_/) });
    expect(await signIn("localhost:3210")).toEqual({ id: expect.stringMatching(/^ses_/) });
    const answer = await token(local);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      token: expect.stringMatching(/^ambit_pat_/),
      name: "Security reviewer 1",
    });
  });

  it("nobody else can be chosen", async () => {
    const { token, signIn } = await withSettings({});
    for (const person of ["administrator-9", "", "usr_demo", "SECURITY-1"]) {
      expect(await signIn("127.0.0.1:3210", person)).toBeNull();
      expect((await token(local, { person })).status).toBe(404);
    }
    for (const body of [null, [], "security-1", { person: { subject: "security-1" } }])
      expect((await token(local, body)).status).toBe(404);
  });

  it("a page whose name was pointed at this machine gets no sign-in and no token", async () => {
    const { token, signIn } = await withSettings({});
    for (const host of ["evil.example:3210", "127.0.0.1.evil.example", "localhost.evil.example", "a b", ""]) {
      expect(await signIn(host)).toBeNull();
      expect((await token({ ...local, host })).status).toBe(404);
    }
    expect(await signIn(undefined)).toBeNull();
  });

  it("no page in a browser gets a token at all", async () => {
    const { token } = await withSettings({});
    for (const headers of [
      { origin: "http://127.0.0.1:3210" },
      { origin: "null" },
      { "sec-fetch-site": "same-origin" },
      { "content-type": "text/plain" },
    ]) {
      expect((await token({ ...local, ...headers })).status).toBe(404);
    }
  });
});

describe.each([
  ["not started as demo", { AMBIT_DEMO: "0" }],
  ["reachable from elsewhere", { AMBIT_HOST: "0.0.0.0" }],
  ["reachable from elsewhere over IPv6", { AMBIT_HOST: "::" }],
  ["named for others", { AMBIT_URL: "https://ambit.example" }],
  ["named like loopback", { AMBIT_URL: "http://127.0.0.1.evil.example" }],
])("on an instance that is %s", (_, settings) => {
  it("demo sign-ins do not exist", async () => {
    const { demoSignIns, token, provider } = await withSettings(settings);
    expect(await demoSignIns()).toEqual([]);
    expect(provider()).toBeUndefined();
    expect((await token(local)).status).toBe(404);
  });
});

it("a database that was not created as demo knows no demo people, whatever the settings say", async () => {
  await execute(
    database.ownerUrl,
    "alter table instance disable trigger user; update instance set mode = 'production'; alter table instance enable trigger user",
  );
  const { demoSignIns, token, signIn } = await withSettings({});
  expect(await demoSignIns()).toEqual([]);
  expect(await signIn("127.0.0.1:3210")).toBeNull();
  expect((await token(local)).status).toBe(404);
});
