import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { TlsIdentity } from "#lib/core/inspection/snapshot.ts";

/** Who is at the other end of a socket: the certificate's facts, or null on a socket without TLS. */
export function peerOf(socket: Socket): TlsIdentity | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    spkiSha256: createHash("sha256")
      .update(certificate.publicKey.export({ type: "spki", format: "der" }))
      .digest("hex"),
    alpn: socket.alpnProtocol || null,
    authorized: socket.authorized,
  };
}

/** One line of attributes in certificate order; the platform writes one attribute per line. */
function distinguishedName(name: string): string {
  return name.split("\n").join(", ");
}
