import { beforeAll, describe, expect, it } from "vitest";
import { prisma } from "#lib/db/client.ts";
import { apiSettings, bearer, raw, requestOf, type Sender, send, session } from "#tests/http/senders.ts";
import { execute, openTestDatabase } from "#tests/support/db.ts";
import { idOf, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase(apiSettings);
let me: Sender = {};
let token: Sender = {};
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  me = await session(idOf("requester"));
  token = await bearer(database.ownerUrl, idOf("requester"));
});

const json = { "content-type": "application/json" };
const agent = { slug: "one", name: "One", purpose: "Test", environment: "staging" };
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Sender = json) =>
  send(raw("POST", "/agents", { ...token, ...headers }, body));

describe("an error answer", () => {
  it("is problem details with a request id that is in the header too, and one issue per field", async () => {
    const { status, body, headers } = await post(JSON.stringify({ ...agent, slug: "Not a slug", environment: "moon" }));
    expect(status).toBe(400);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-request-id")).toBe(body.requestId);
    expect(body).toMatchObject({
      type: "urn:ambit:error:invalid_input",
      title: "The input is not valid",
      status: 400,
      code: "invalid_input",
    });
    expect((body.issues as { path: string }[]).map(({ path }) => path).sort()).toEqual(["environment", "slug"]);
  });

  it("says how to authenticate with 401 and which methods there are with 405", async () => {
    const nobody = await send(raw("GET", "/agents"));
    expect([nobody.status, nobody.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="ambit"']);
    const wrong = await send(raw("PUT", "/agents", token));
    expect([wrong.status, wrong.code, wrong.headers.get("allow")]).toEqual([405, "method_not_allowed", "GET, POST"]);
    expect((await send(raw("DELETE", "/requests/req_1/submit", token))).headers.get("allow")).toBe("POST");
  });

  it("never carries internal text: the database's own words stay in the log", async () => {
    await execute(
      database.ownerUrl,
      `create function fail_loudly() returns trigger language plpgsql as $$ begin raise exception 'canary password=hunter2 at 10.0.0.1' using errcode = 'XX000'; end $$;
       create trigger loud before insert on agent for each row when (new.slug = 'loud') execute function fail_loudly()`,
    );
    const { status, body } = await post(JSON.stringify({ ...agent, slug: "loud" }));
    expect(status).toBe(500);
    expect(Object.keys(body).sort()).toEqual(["code", "requestId", "status", "title", "type"]);
    expect(JSON.stringify(body)).not.toMatch(/canary|hunter2|10\.0\.0\.1|prisma|select|insert/i);
  });
});

describe("a body", () => {
  it.each([
    ["nothing that is JSON", "{"],
    ["a list", "[]"],
    ["a text", '"x"'],
    ["null", "null"],
    ["a field twice", '{"slug":"a-b","name":"x","name":"y","purpose":"p","environment":"staging"}'],
    ["a nested field twice", '{"slug":"a-b","labels":[{"a":1,"a":2}]}'],
    ["a byte order mark", "\uFEFF{}"],
    ["a comment", "{} // x"],
  ])("of %s is malformed", async (_, body) => {
    expect((await post(body)).code).toBe("malformed_json");
  });

  it("that is not UTF-8 is malformed", async () => {
    expect((await post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).code).toBe("malformed_json");
  });

  it("of more than 2 MiB is too large", async () => {
    expect((await post(JSON.stringify({ ...agent, name: "x".repeat(3_000_000) }))).status).toBe(413);
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonp",
    "application/json-patch+json",
    "",
  ])("of type %j is of no use", async (type) => {
    expect((await post("{}", { "content-type": type })).status).toBe(415);
  });

  it("may say its type in any case and with a charset", async () => {
    expect((await post("{}", { "content-type": "Application/JSON; charset=utf-8" })).code).toBe("invalid_input");
  });

  it.each([
    ["an unknown field", { ...agent, isAdministrator: true }],
    ["__proto__", JSON.parse(`{"__proto__": {"slug": "x"}, "slug": "p-1"}`)],
    ["constructor", { ...agent, constructor: { prototype: { polluted: true } } }],
    ["the NUL character", { ...agent, name: "a\0b" }],
    ["half a surrogate pair", { ...agent, name: "a\ud800b" }],
    ["a number for a text", { ...agent, name: 5 }],
    ["only white space", { ...agent, name: "  \n" }],
    ["a list for an object", { ...agent, labels: { 0: "x" } }],
  ])("with %s is refused, and nothing is made or polluted", async (_, body) => {
    const before = await prisma().agent.count();
    expect((await post(JSON.stringify(body))).code).toBe("invalid_input");
    expect(await prisma().agent.count()).toBe(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("that nests deeper than anything needs is refused, not a crash", async () => {
    const deep = (levels: number) => `{"kind":"connector","form":{"a":${"[".repeat(levels)}${"]".repeat(levels)}}}`;
    for (const levels of [100, 500_000]) {
      const answer = await send(raw("POST", "/requests", { ...token, ...json }, deep(levels)));
      expect(["invalid_input", "malformed_json"]).toContain(answer.code);
    }
  });

  it("keeps hostile names in a free form as they are, without touching prototypes", async () => {
    const form = `{"kind":"connector","form":{"__proto__":{"polluted":1},"constructor":"x","a.b":[1]}}`;
    const { status } = await send(raw("POST", "/requests", { ...token, ...json }, form));
    expect([200, 400]).toContain(status);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("a path and its query string", () => {
  it.each([
    "/agents/%00",
    "/agents/%2e%2e%2fpeople",
    "/agents/..%2f..%2fpeople",
    "/agents/%E0%A4%A",
    "/agents/%ff",
    "/agents/a%2Fb%2Fkeys",
    `/agents/${"x".repeat(201)}`,
    "/agents/'; drop table agent; --",
    "/agents/",
    "/nothing",
    "/agents/x/y/z",
    "//agents",
    "/Agents",
  ])("%s finds nothing and says no more", async (path) => {
    const { status } = await send(raw("GET", path, token));
    expect([400, 404]).toContain(status);
  });

  it("goes nowhere else with dots in it", async () => {
    expect((await send(raw("GET", "/agents/../../../etc/passwd", token))).status).toBe(404);
    expect((await send(raw("GET", "/agents/../me", token))).body.id).toBe(idOf("requester"));
  });

  it.each([
    ["GET", "/agents?limit=5&limit=6"],
    ["GET", "/agents?nothing=1"],
    ["GET", "/agents?__proto__=1"],
    ["GET", "/agents?limit=0"],
    ["GET", "/agents?limit=1e9"],
    ["GET", "/agents/x?agentId=y"],
    ["POST", "/agents?slug=x"],
  ])("%s %s is refused: each field has one place", async (method, path) => {
    const body = method === "POST" ? JSON.stringify(agent) : undefined;
    expect((await send(raw(method, path, { ...token, ...json }, body))).code).toBe("invalid_input");
  });

  it("refuses a body that names another thing than the path", async () => {
    const body = JSON.stringify({ agentId: "agt_other", reason: "x" });
    expect((await send(raw("POST", "/agents/agt_1/suspend", { ...token, ...json }, body))).code).toBe("invalid_input");
  });
});

describe("a cursor that no page gave", () => {
  const made = (text: string) => Buffer.from(text).toString("base64url");
  const paths = [
    "/agents",
    "/changes",
    "/tokens",
    "/connectors",
    "/tools",
    "/grants",
    "/requests",
    "/requests?view=queue",
    "/people",
    "/teams",
    "/activity",
    "/notifications",
    "/access",
  ];
  const cursors = [
    "x",
    "%%%",
    made("no newline"),
    made("yesterday\nagt_1"),
    made("\n\n"),
    made("\0\n\0"),
    made("\n99999999999999999999999"),
    made("2026-13-45\nx"),
    made("infinity\nx"),
    "a".repeat(501),
  ];

  it.each(paths)("of %s is refused or gives a page, and is no failure of ours", async (path) => {
    const reviewer = await bearer(database.ownerUrl, idOf("security-1"));
    for (const cursor of cursors) {
      const { status } = await send(
        raw("GET", `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`, reviewer),
      );
      expect([200, 400]).toContain(status);
    }
  });
});

describe("a change from a browser", () => {
  const body = JSON.stringify({ ...agent, slug: "from-browser" });
  const site = { "sec-fetch-site": "same-origin", origin: apiSettings.AMBIT_URL };
  const cookie = () => ({ cookie: me.cookie ?? "" });

  it.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["a sibling host", { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:9999" }],
    ["an address bar or a bookmark", { "sec-fetch-site": "none" }],
    ["a sandboxed frame", { "sec-fetch-site": "cross-site", origin: "null" }],
    ["an old browser and another site", { origin: "https://evil.example" }],
    ["nobody knows where", {}],
    ["a liar with another origin", { ...site, origin: "https://evil.example" }],
  ])("that comes from %s is refused", async (_, headers) => {
    expect((await send(raw("POST", "/agents", { ...cookie(), ...json, ...(headers as Sender) }, body))).code).toBe(
      "csrf_refused",
    );
    expect(await prisma().agent.findUnique({ where: { slug: "from-browser" } })).toBeNull();
  });

  it("that comes from the console itself is made; an old browser shows it by Origin", async () => {
    expect((await send(raw("POST", "/agents", { ...cookie(), ...json, ...site }, body))).status).toBe(200);
    const older = JSON.stringify({ ...agent, slug: "older" });
    expect((await send(raw("POST", "/agents", { ...cookie(), ...json, origin: site.origin }, older))).status).toBe(200);
  });

  it("with both a cookie and a token is refused", async () => {
    expect((await send(raw("POST", "/agents", { ...me, ...token, ...json }, body))).code).toBe("invalid_input");
    expect((await send(raw("GET", "/me", { ...me, ...token }))).code).toBe("invalid_input");
  });

  it.each(["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Bearer a b", "bearer-x", "Bearer ambit_pat_unknown"])(
    "with authorization %j is not signed in",
    async (authorization) => {
      expect((await send(raw("GET", "/me", { authorization }))).code).toBe("token_invalid");
    },
  );
});

describe("a token's scopes", () => {
  it("let through the action, its noun or everything, and nothing else", async () => {
    const ask = async (scope: string) =>
      (
        await send(
          requestOf("agents.list", {}, await bearer(database.ownerUrl, idOf("requester"), { scopes: [scope] })),
        )
      ).status;
    expect(await Promise.all(["*", "agent:*", "agent:read"].map(ask))).toEqual([200, 200, 200]);
    expect(await Promise.all(["agent:register", "agents:*", "request:*", "", "agent"].map(ask))).toEqual([
      403, 403, 403, 403, 403,
    ]);
  });
});
