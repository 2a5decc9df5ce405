import { isJsonObject } from "#lib/core/inspection/json.ts";
import { ChannelError } from "#lib/mcp/channel.ts";
import type { Egress } from "#lib/mcp/egress/guard.ts";
import { readBody } from "#lib/mcp/http/body.ts";
import { parseJson } from "#lib/mcp/json-rpc.ts";

/** A client registered at the server's own authorization server. */
export type ClientCredentials = { tokenUrl: string; clientId: string; clientSecret: string; scope?: string };

/** `expiresInSeconds` is null when the authorization server does not say. */
export type AccessToken = { token: string; expiresInSeconds: number | null };

const answerBytesMax = 64 * 1024;

/**
 * Obtains an access token by client credentials (RFC 6749, section 4.4; `client_secret_basic`) for one resource (RFC 8707), through the guard.
 * @throws ChannelError: `http_error` when the authorization server refuses, `protocol_error` when its answer is no bearer token
 */
export async function fetchClientToken(
  { tokenUrl, clientId, clientSecret, scope }: ClientCredentials,
  resource: string,
  egress: Egress,
  signal: AbortSignal,
): Promise<AccessToken> {
  const form = new URLSearchParams({ grant_type: "client_credentials", resource, ...(scope ? { scope } : {}) });
  const basic = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString("base64");
  const response = await egress.request(tokenUrl, {
    method: "POST",
    headers: {
      authorization: `Basic ${basic}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: form.toString(),
    signal,
  });
  if (response.statusCode !== 200) {
    response.body.destroy();
    throw new ChannelError("http_error");
  }
  const parsed = parseJson(await readBody(response.body, { left: answerBytesMax }), answerBytesMax);
  const answer = "rejected" in parsed ? null : parsed.value;
  if (!isJsonObject(answer)) throw new ChannelError("protocol_error");
  const { access_token: token, token_type: type, expires_in: lifetime } = answer;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) throw new ChannelError("protocol_error");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw new ChannelError("protocol_error");
  return { token, expiresInSeconds: typeof lifetime === "number" && lifetime > 0 ? lifetime : null };
}

/** RFC 6749, appendix B: credentials are form-encoded before they are joined for Basic. */
function formEncode(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
