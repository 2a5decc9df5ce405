import { afterEach, describe, expect, test } from "vitest";
import { isListed, isReachable, readTarget } from "#lib/mcp/egress/address.ts";
import { createEgress, type Egress, type EgressOptions, refusalMs } from "#lib/mcp/egress/guard.ts";
import { type FixtureServer, startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function guard(options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({ allowList: () => [], ...options });
  cleanups.push(() => egress.close());
  return egress;
}

async function fixture(tls?: { key: string; cert: string }): Promise<FixtureServer> {
  const server = await startFixtureServer(tls ? { tls } : {});
  cleanups.push(() => server.close());
  return server;
}

const get = { method: "GET", headers: {}, signal: AbortSignal.timeout(8_000) } as const;

async function attempt(egress: Egress, url: string) {
  const started = performance.now();
  const failure = await egress.request(url, { ...get, signal: AbortSignal.timeout(8_000) }).then(
    ({ statusCode, body }) => {
      body.destroy();
      return { code: `answered ${statusCode}`, message: "" };
    },
    (error: { code: string; message: string; name: string }) => ({ code: error.code, message: error.message }),
  );
  return { ...failure, ms: performance.now() - started };
}

describe("addresses", () => {
  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "100.100.100.200",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "4000::1",
    "fe80::1%eth0",
    "not an address",
    "0177.0.0.1",
    "2130706433",
  ])("%s is out of reach for a host that is not listed", (address) => {
    expect(isReachable(address, false)).toBe(false);
  });

  test.each(["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])("%s is within reach", (address) => {
    expect(isReachable(address, false)).toBe(true);
  });

  test.each(["169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.0", "224.0.0.1", "100.100.100.200"])(
    "%s stays out of reach even for a listed host",
    (address) => {
      expect(isReachable(address, true)).toBe(false);
    },
  );

  test.each(["10.0.0.1", "127.0.0.1", "::1", "fd12::1", "192.168.0.9"])(
    "%s is within reach for a listed host",
    (address) => {
      expect(isReachable(address, true)).toBe(true);
    },
  );
});

describe("URLs", () => {
  test.each([
    ["http://0177.0.0.1/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["http://127.1./", "127.0.0.1"],
    ["https://EXAMPLE.com./x", "example.com"],
    ["https://bücher.example/", "xn--bcher-kva.example"],
    ["https://①②⑦.0.0.1/", "127.0.0.1"],
    ["https://[::FFFF:127.0.0.1]/", "::ffff:7f00:1"],
    ["https://a.example%2eb.example/", "a.example.b.example"],
  ])("%s is read as the host %s", (url, host) => {
    expect(readTarget(url)?.host).toBe(host);
  });

  test.each([
    "ftp://example.com/",
    "file:///etc/passwd",
    "https://user@example.com/",
    "https://a:b@example.com/",
    "https://exa mple/",
    "no url",
    "https://[fe80::1%25eth0]/",
    "https://a..b/",
  ])("%s is not accepted", (url) => {
    expect(readTarget(url)).toBeNull();
  });

  test("a list entry covers exactly its host and port", () => {
    const list = [
      { host: "127.0.0.1", port: 8443 },
      { host: "Intern.Example.", port: 443 },
      { host: "::1", port: 1 },
    ];
    const listed = (url: string) => {
      const target = readTarget(url);
      return target !== null && isListed(target, list);
    };
    expect(listed("http://0x7f000001:8443/")).toBe(true);
    expect(listed("https://intern.example/")).toBe(true);
    expect(listed("http://[::1]:1/")).toBe(true);
    expect(listed("https://127.0.0.1/")).toBe(false);
    expect(listed("https://localhost:8443/")).toBe(false);
    expect(listed("https://sub.intern.example/")).toBe(false);
  });
});

describe("refusals", () => {
  test("unknown names, internal names, plain http and forbidden literals get one answer after one time", async () => {
    const { port, requests } = await fixture();
    const names: Record<string, readonly string[]> = {
      "internal.example": ["127.0.0.1"],
      "half.example": ["93.184.216.34", "10.0.0.1"],
      "mapped.example": ["::ffff:127.0.0.1"],
    };
    const lookup = async (host: string) => {
      const found = names[host];
      if (found) return found;
      throw new Error("ENOTFOUND");
    };
    const hanging = guard({ lookup: () => new Promise<never>(() => undefined) });
    const egress = guard({ lookup });
    const answers = await Promise.all([
      attempt(egress, `https://unknown.example:${port}/`),
      attempt(egress, `https://internal.example:${port}/`),
      attempt(egress, `https://half.example:${port}/`),
      attempt(egress, `https://mapped.example:${port}/`),
      attempt(egress, `https://127.0.0.1:${port}/`),
      attempt(egress, `https://2130706433:${port}/`),
      attempt(egress, `http://127.0.0.1:${port}/`),
      attempt(egress, `http://internal.example:${port}/`),
      attempt(egress, "https://169.254.169.254/latest/meta-data/"),
      attempt(egress, "https://user:pass@example.com/"),
      attempt(egress, "ftp://example.com/"),
      attempt(hanging, "https://slow-name.example/"),
    ]);
    for (const { code, message, ms } of answers) {
      expect({ code, message }).toEqual({ code: "egress_refused", message: "egress_refused" });
      expect(ms).toBeGreaterThan(refusalMs - 5);
      expect(ms).toBeLessThan(refusalMs + 250);
    }
    expect(requests).toHaveLength(0);
  });

  test("plain http to a public host that is not listed is refused before its name is even looked up", async () => {
    let lookups = 0;
    const egress = guard({
      lookup: async () => {
        lookups += 1;
        return ["127.0.0.1"];
      },
    });
    expect((await attempt(egress, "http://public.example/")).code).toBe("egress_refused");
    expect(lookups).toBe(0);
  });

  test("a name that changes its address after the check changes nothing: the checked address is used", async () => {
    const { port, requests } = await fixture();
    let lookups = 0;
    const egress = guard({
      allowList: () => [{ host: "pinned.example", port }],
      lookup: async () => {
        lookups += 1;
        return lookups === 1 ? ["127.0.0.1"] : ["169.254.169.254"];
      },
    });
    expect((await attempt(egress, `http://pinned.example:${port}/`)).code).toBe("answered 400");
    expect(lookups).toBe(1);
    expect(requests[0]?.headers.host).toBe(`pinned.example:${port}`);
  });

  test("a listed name that leads to a metadata address is refused", async () => {
    const egress = guard({
      allowList: () => [{ host: "intern.example", port: 80 }],
      lookup: async () => ["169.254.169.254"],
    });
    expect((await attempt(egress, "http://intern.example/")).code).toBe("egress_refused");
  });

  test("a host taken off the list is refused at once, although its connection is still open", async () => {
    const { port } = await fixture();
    let list = [{ host: "127.0.0.1", port }];
    const egress = guard({ allowList: () => list });
    expect((await attempt(egress, `http://127.0.0.1:${port}/`)).code).toBe("answered 400");
    list = [];
    expect((await attempt(egress, `http://127.0.0.1:${port}/`)).code).toBe("egress_refused");
  });
});
