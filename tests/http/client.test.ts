import { createConnection, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiError, call } from "#lib/client/call.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { apiSettings, bearer } from "#tests/http/senders.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { type Api, serveApi } from "#tests/support/http.ts";
import { idOf, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase(apiSettings);
const link = await openLink(database.appUrl);
processEnvironment().AMBIT_APP_DATABASE_URL = link.url;
let api: Api;
let token = "";
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  token = (await bearer(database.ownerUrl, idOf("requester"))).authorization?.slice("Bearer ".length) ?? "";
  api = await serveApi();
});
afterAll(async () => {
  await api.close();
  link.close();
});

const to = () => ({ baseUrl: api.url, token });
const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error("it did not fail as an answer of the API");
  return error;
};

describe("the typed client over a real socket", () => {
  it("reads, changes and pages as the contract says", async () => {
    expect((await call("people.me", {}, to())).id).toBe(idOf("requester"));
    for (const slug of ["one", "two", "three"]) {
      await call("agents.register", { slug, name: slug, purpose: "Test", environment: "staging" }, to());
    }
    const first = await call("agents.list", { limit: 2 }, to());
    const rest = await call("agents.list", { limit: 2, cursor: first.nextCursor ?? "" }, to());
    expect([...first.items, ...rest.items].map(({ slug }) => slug)).toEqual(["three", "two", "one"]);
    expect(rest.nextCursor).toBeNull();
    expect((await call("agents.get", { agentId: "two" }, to())).slug).toBe("two");
  });

  it("gives the code, what to do and the fields of a refusal", async () => {
    const missing = await failure(call("agents.get", { agentId: "agt_nothing" }, to()));
    expect(missing).toMatchObject({ code: "not_found", status: 404 });
    const wrong = await failure(
      call("agents.register", { slug: "Not a slug", name: "", purpose: "", environment: "staging" }, to()),
    );
    expect(wrong.problem?.issues?.map(({ path }) => path).sort()).toEqual(["name", "purpose", "slug"]);
  });

  it("says when nobody answers at all", async () => {
    expect(await failure(call("people.me", {}, { baseUrl: "http://127.0.0.1:1", token }))).toMatchObject({
      code: "network",
      status: 0,
    });
  });
});

describe("a database that went away", () => {
  it("is answered 503 for reads, changes and sign-in alike, and everything works again by itself", async () => {
    link.cut();
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all([
        failure(call("people.me", {}, to())),
        failure(call("agents.register", { slug: "lost", name: "Lost", purpose: "Test", environment: "staging" }, to())),
        failure(call("agents.list", {}, { baseUrl: api.url, token: "ambit_pat_unknown" })),
      ]);
      expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(Array(3).fill("503 unavailable"));
    }
    link.mend();
    await expect
      .poll(
        () =>
          call("people.me", {}, to()).then(
            ({ id }) => id,
            () => null,
          ),
        { timeout: 15_000 },
      )
      .toBe(idOf("requester"));
    expect((await call("agents.list", {}, to())).items.map(({ slug }) => slug)).not.toContain("lost");
  });

  it("in the middle of a request leaves nothing behind", async () => {
    const many = Array.from({ length: 10 }, (_, n) =>
      call("agents.register", { slug: `cut-${n}`, name: "Cut", purpose: "Test", environment: "staging" }, to()).then(
        ({ slug }) => slug,
        (error: unknown) => (error as ApiError).code,
      ),
    );
    setTimeout(() => link.cut(), 15);
    const answers = await Promise.all(many);
    link.mend();
    await expect
      .poll(
        () =>
          call("people.me", {}, to()).then(
            () => true,
            () => false,
          ),
        { timeout: 15_000 },
      )
      .toBe(true);
    const made = (await call("agents.list", { q: "cut-", limit: 200 }, to())).items.map(({ slug }) => slug);
    const told = answers.filter((answer) => answer.startsWith("cut-"));
    expect(made).toEqual(expect.arrayContaining(told));
    expect(answers.every((answer) => answer.startsWith("cut-") || answer === "unavailable")).toBe(true);
  });
});

/** A wire to the database that can be cut: connections break and new ones are refused until it is mended. */
async function openLink(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = createConnection(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close: () => server.close(),
  };
}
