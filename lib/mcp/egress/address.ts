import ipaddr from "ipaddr.js";

/** One host and port that an administrator has opened, as the host is written in a URL (name or address literal). */
export type AllowedHost = { host: string; port: number };

/** Where a URL leads, normalised: lower-case host without brackets or trailing dot, and the port in numbers. */
export type Target = { url: URL; host: string; port: number; secure: boolean };

/** Cloud metadata services outside the link-local ranges; never reachable, whatever is listed. */
const metadataAddresses = new Set(["100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"]);

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Normalises a URL through the WHATWG parser (octal, hexadecimal and decimal addresses become dotted ones, IDN becomes punycode).
 * Null for anything but http and https, for URLs with user information, and for hosts that are no plain name or address.
 */
export function readTarget(address: string | URL): Target | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  if (url.username !== "" || url.password !== "") return null;
  url.hash = "";
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  const host = normalHost(url.hostname);
  if (host === null) return null;
  const secure = url.protocol === "https:";
  return { url, host, port: url.port === "" ? (secure ? 443 : 80) : Number(url.port), secure };
}

/** Whether exactly this host and port is on the list; an entry for an address does not cover names that resolve to it. */
export function isListed(target: Target, allowList: readonly AllowedHost[]): boolean {
  // an entry written as the host is read needs no reading
  return allowList.some(
    ({ host, port }) => port === target.port && (host === target.host || hostOf(host) === target.host),
  );
}

/** The host of an entry as `readTarget` would read it in a URL. */
function hostOf(entry: string): string | undefined {
  const bare = entry.startsWith("[") ? entry : entry.includes(":") ? `[${entry}]` : entry;
  return readTarget(`https://${bare}`)?.host;
}

/**
 * Whether a socket may be opened to an address. Unlisted hosts: globally routable unicast only, embedded IPv4 (mapped, 6to4, Teredo, NAT64)
 * refused as a whole. Listed hosts: also private, loopback and unique-local, but never link-local, multicast, unspecified or metadata.
 */
export function isReachable(address: string, listed: boolean): boolean {
  const parsed = parseAddress(address);
  if (parsed === null || metadataAddresses.has(parsed.toString())) return false;
  const range = parsed.range();
  if (listed && ["private", "loopback", "uniqueLocal", "carrierGradeNat"].includes(range)) return true;
  if (range !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

/** Whether a host is an address literal (after `readTarget`), which needs no name resolution. */
export function isLiteral(host: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
}

function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address);
  if (!ipaddr.IPv6.isValid(address)) return null;
  const six = ipaddr.IPv6.parse(address);
  if (six.zoneId) return null;
  return six.isIPv4MappedAddress() ? six.toIPv4Address() : six;
}

function normalHost(hostname: string): string | null {
  if (hostname.startsWith("[")) {
    const inner = hostname.slice(1, -1);
    return ipaddr.IPv6.isValid(inner) ? inner : null;
  }
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(hostname) && hostname.length <= 253 ? hostname : null;
}
