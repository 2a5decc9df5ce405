import { createHash } from "node:crypto";
import { PackageError } from "#lib/mcp/package/package-error.ts";

/** What the registry says about one exact version. `publishedAt` is ISO 8601; null where the registry does not say. */
export type RegistryMetadata = {
  integrity: string;
  tarballUrl: string;
  publishedAt: string | null;
  maintainers: number | null;
  deprecated: boolean;
  signed: boolean;
  provenance: boolean;
  dependencies: Record<string, string>;
  installScripts: string[];
};

type Document = Record<string, unknown>;

/** Scripts that an installation would run, in npm's order. */
export const lifecycleScripts = ["preinstall", "install", "postinstall", "prepare"] as const;

const metadataMax = 64 * 1024 * 1024;
const requestMs = 60_000;

/**
 * Reads the registry's document for a package and picks one exact version (full document: only that one carries publication times).
 * @param registry base address with a closing slash
 * @throws PackageError `not_found`, `registry_unreachable`, `too_large`, `integrity_mismatch` (no SHA-512), `hostile_tarball` (tarball elsewhere)
 */
export async function readMetadata(
  registry: string,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<RegistryMetadata> {
  const body = await download(new URL(name.replace("/", "%2f"), registry), metadataMax, signal);
  const document = parse(body);
  const manifest = record(record(document.versions)[version]);
  if (manifest.name !== name || manifest.version !== version) {
    throw new PackageError("not_found", "the registry has no such version");
  }
  const dist = record(manifest.dist);
  const publishedAt = record(document.time)[version];
  const maintainers = document.maintainers ?? manifest.maintainers;
  const scripts = record(manifest.scripts);
  return {
    integrity: sha512(dist.integrity),
    tarballUrl: tarballAddress(dist.tarball, registry),
    publishedAt: typeof publishedAt === "string" && !Number.isNaN(Date.parse(publishedAt)) ? publishedAt : null,
    maintainers: Array.isArray(maintainers) ? maintainers.length : null,
    deprecated: manifest.deprecated !== undefined && manifest.deprecated !== false && manifest.deprecated !== "",
    signed: Array.isArray(dist.signatures) && dist.signatures.length > 0,
    provenance: Object.keys(record(dist.attestations)).length > 0,
    dependencies: stringsOf(manifest.dependencies),
    installScripts: lifecycleScripts.filter((script) => typeof scripts[script] === "string"),
  };
}

/**
 * Downloads a tarball and compares it with its SRI string (SHA-512).
 * @param bytesMax the packed size at which the download is given up
 * @throws PackageError `too_large`, `integrity_mismatch`, `registry_unreachable`, `not_found`
 */
export async function downloadTarball(
  url: string,
  integrity: string,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const body = await download(new URL(url), bytesMax, signal);
  const actual = `sha512-${createHash("sha512").update(body).digest("base64")}`;
  if (actual !== integrity)
    throw new PackageError("integrity_mismatch", "the tarball is not the one the registry names");
  return body;
}

/** The entries of an object whose values are strings; empty for anything else. */
export function stringsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

async function download(url: URL, bytesMax: number, signal: AbortSignal): Promise<Buffer> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
  try {
    const answer = await fetch(url, {
      redirect: "error",
      signal: bounded,
      headers: { accept: "application/json, */*" },
    });
    if (answer.status === 404) throw new PackageError("not_found", "the registry has no such package");
    if (!answer.ok || !answer.body)
      throw new PackageError("registry_unreachable", `the registry answered ${answer.status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of answer.body) {
      size += part.byteLength;
      if (size > bytesMax) throw new PackageError("too_large", `more than ${bytesMax} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (cause) {
    if (cause instanceof PackageError) throw cause;
    throw new PackageError("registry_unreachable", "the registry does not answer", { cause });
  }
}

function parse(body: Buffer): Document {
  try {
    return record(JSON.parse(body.toString("utf8")));
  } catch (cause) {
    throw new PackageError("registry_unreachable", "the registry's answer is not JSON", { cause });
  }
}

// Several hashes may be listed (SRI, section 3.5); a single SHA-512 is what npm itself pins.
function sha512(integrity: unknown): string {
  const hash =
    typeof integrity === "string" ? integrity.split(/\s+/).find((one) => one.startsWith("sha512-")) : undefined;
  if (!hash || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(hash)) {
    throw new PackageError("integrity_mismatch", "the registry names no SHA-512 for this version");
  }
  return hash;
}

// Another host would let the registry document choose whom this machine talks to.
function tarballAddress(tarball: unknown, registry: string): string {
  const url = typeof tarball === "string" && URL.canParse(tarball) ? new URL(tarball) : undefined;
  if (url?.username !== "" || url.origin !== new URL(registry).origin) {
    throw new PackageError("hostile_tarball", "the registry points to a tarball on another host");
  }
  return url.href;
}

function record(value: unknown): Document {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Document) : {};
}
