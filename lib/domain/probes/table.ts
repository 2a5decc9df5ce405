import { sealCredential } from "#lib/domain/probes/credentials.ts";
import { getProbe } from "#lib/domain/probes/get.ts";
import { releasePackage } from "#lib/domain/probes/release.ts";
import { parseServerJson } from "#lib/domain/probes/server-json.ts";
import { startProbe } from "#lib/domain/probes/start.ts";

export const probeOperations = {
  "probes.start": startProbe,
  "probes.get": getProbe,
  "packages.release": releasePackage,
  "probes.parse-server-json": parseServerJson,
  "credentials.seal": sealCredential,
};
