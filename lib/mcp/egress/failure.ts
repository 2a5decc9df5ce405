import { ChannelError, type ChannelFailure } from "#lib/mcp/channel.ts";

const byCode: Readonly<Record<string, ChannelFailure>> = {
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "too_large",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "too_large",
  CERT_HAS_EXPIRED: "tls_invalid",
  CERT_NOT_YET_VALID: "tls_invalid",
  CERT_REVOKED: "tls_invalid",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls_invalid",
  SELF_SIGNED_CERT_IN_CHAIN: "tls_invalid",
  UNABLE_TO_GET_ISSUER_CERT: "tls_invalid",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls_invalid",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls_invalid",
  EPROTO: "tls_invalid",
};

/** Maps whatever the network threw to one code of the closed list. The remote's words and addresses stay in `cause`, which is never shown. */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (!(error instanceof Error)) return new ChannelError("unreachable", { cause: error });
  if (error.cause instanceof ChannelError) return error.cause;
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return new ChannelError("timeout", { cause: error });
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code.startsWith("ERR_TLS_") || code.startsWith("ERR_SSL_"))
    return new ChannelError("tls_invalid", { cause: error });
  if (code.startsWith("HPE_")) return new ChannelError("not_mcp", { cause: error });
  return new ChannelError(byCode[code] ?? "unreachable", { cause: error });
}
